//! One round of the PCA benchmark: `cargo xtask bench pca` runs this beside scikit-learn.
//!
//! `bench_pca ours|linfa SAMPLES K...` prints a line of JSON for each K: seconds of the fit, the
//! memory it took at most above the data, and the mean squared error on the test images.

use latent::linfa::DatasetBase;
use latent::linfa::traits::Fit;
use latent::ndarray::concatenate;
use latent::prelude::*;
use std::time::Instant;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: bench_pca ours|linfa SAMPLES K...";
    let method = args.next().expect(usage);
    let samples: usize = args.next().and_then(|n| n.parse().ok()).expect(usage);
    let Mnist {
        train,
        validation,
        test,
    } = Mnist::load()?;
    let all = concatenate![Axis(0), train.samples, validation.samples];
    drop((train, validation));
    let x = all.slice(s![..samples.min(all.nrows()), ..]).to_owned();
    drop(all);
    for k in args.map(|k| k.parse::<usize>().expect(usage)) {
        let (seconds, memory, error) = match method.as_str() {
            "ours" => {
                let (pca, seconds, memory) = measured(|| Pca::fit(&x, k));
                (seconds, memory, pca?.reconstruction_error(&test.samples)?)
            }
            "linfa" => {
                let data = DatasetBase::from(x.mapv(f64::from));
                let (pca, seconds, memory) =
                    measured(|| latent::linfa_reduction::Pca::params(k).fit(&data));
                let pca = pca.expect("linfa reports no failure at these sizes");
                let images = test.samples.mapv(f64::from);
                let codes = (&images - pca.mean()).dot(&pca.components().t());
                let apart = pca.inverse_transform(codes) - images;
                let error = apart.iter().map(|x| x * x).sum::<f64>() / apart.len() as f64;
                (seconds, memory, error)
            }
            _ => panic!("{usage}"),
        };
        println!(
            "{{\"k\": {k}, \"seconds\": {seconds:.4}, \"megabytes\": {memory:.0}, \"error\": {error:e}}}"
        );
    }
    Ok(())
}

fn measured<T>(work: impl FnOnce() -> T) -> (T, f64, f64) {
    // Linux only: forgets the peak so far. Elsewhere the memory is reported as 0.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = megabytes("VmRSS:");
    let start = Instant::now();
    let value = work();
    let seconds = start.elapsed().as_secs_f64();
    (value, seconds, megabytes("VmHWM:") - before)
}

fn megabytes(field: &str) -> f64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|value| value.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
