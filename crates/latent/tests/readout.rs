//! The readout on real digits, beside scikit-learn's `KNeighborsClassifier(5)`
//! (`golden/make_sklearn.py` made the file).

use latent::linfa;
use latent::linfa::traits::{Fit, Predict};
use latent::prelude::*;
use latent::readout::{accuracy_by_labels, neighbours};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn on_the_components_of_pca_it_is_as_good_as_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("golden/pca_mnist.json")).unwrap();
    let mnist = Mnist::load().unwrap();
    let known = mnist.train.take(10_000);
    for k in [2, 32] {
        let pca = Pca::fit(&mnist.train.samples, k).unwrap();
        let codes = pca.encode(&known.samples).unwrap();
        let readout = KnnClassifier::fit(&codes, &known.labels, 5).unwrap();
        let test = pca.encode(&mnist.test.samples).unwrap();
        let found = readout.accuracy(&test, &mnist.test.labels).unwrap();
        let expected = &golden["by_components"][k.to_string()]["knn5_test_accuracy_from_10000"];
        let expected = expected.as_f64().unwrap();
        // Codes in f32 and in f64 may order two nearly equal neighbours differently.
        assert!(
            (found - expected).abs() <= 5e-4,
            "k = {k}: {found}, scikit-learn {expected}"
        );

        let confusion = readout.confusion_matrix(&test, &mnist.test.labels).unwrap();
        assert_eq!(confusion.dim(), (10, 10));
        assert_eq!(confusion.sum(), 10_000);
        assert_eq!(confusion.diag().sum() as f64 / 10_000.0, found);
    }
}

/// The same values in each memory layout that an array or a view can have.
fn in_each_layout(values: &Array2<f32>, test: impl Fn(&dyn Matrix)) {
    let (n, d) = values.dim();
    test(values);
    let mut columns_first = Array2::zeros((d, n)).reversed_axes();
    columns_first.assign(values);
    assert!(n == 1 || d == 1 || !columns_first.is_standard_layout());
    test(&columns_first);
    let mut wider = Array2::from_elem((2 * n, d + 3), f32::NAN);
    wider.slice_mut(s![..;2, 1..=d]).assign(values);
    test(&wider.slice(s![..;2, 1..=d]));
    let mut reversed = values.clone();
    reversed.invert_axis(Axis(0));
    reversed.invert_axis(Axis(1));
    let reversed = reversed.as_standard_layout().into_owned();
    test(&reversed.slice(s![..;-1, ..;-1]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Column-major codes panicked here: "views should be contiguous".
    #[test]
    fn the_memory_layout_changes_nothing(
        seed in 0_u32..1000, n in 2_usize..40, m in 1_usize..9, d in 1_usize..20,
    ) {
        let value = |row: usize, column: usize, salt: u32| {
            let mixed = (row as u32 * 31 + column as u32 * 17 + salt + seed).wrapping_mul(2_654_435_761);
            (mixed >> 8) as f32 / 65536.0
        };
        let codes = Array2::from_shape_fn((n, d), |(row, column)| value(row, column, 0));
        let queries = Array2::from_shape_fn((m, d), |(row, column)| value(row, column, 7919));
        let labels = Array1::from_shape_fn(n, |row| row % 3);
        let truth = Array1::from_shape_fn(m, |row| row % 3);
        let k = n.min(4);
        let knn = KnnClassifier::fit(&codes, &labels, k).unwrap();
        let nearest = neighbours(&codes, &queries, k).unwrap();
        let predicted = knn.predict(&queries).unwrap();
        let accuracy = knn.accuracy(&queries, &truth).unwrap();
        let confusion = knn.confusion_matrix(&queries, &truth).unwrap();
        let curve = accuracy_by_labels((&codes, &labels), (&queries, &truth), k, &[1, n], 3);
        let curve = curve.unwrap();
        in_each_layout(&codes, |codes| {
            let knn = KnnClassifier::fit(codes, &labels, k).unwrap();
            assert_eq!(knn.predict(&queries).unwrap(), predicted);
            assert_eq!(neighbours(codes, &queries, k).unwrap(), nearest);
            let curve_here =
                accuracy_by_labels((codes, &labels), (&queries, &truth), k, &[1, n], 3);
            assert_eq!(curve_here.unwrap(), curve);
        });
        in_each_layout(&queries, |queries| {
            assert_eq!(knn.predict(queries).unwrap(), predicted);
            assert_eq!(neighbours(&codes, queries, k).unwrap(), nearest);
            assert_eq!(knn.accuracy(queries, &truth).unwrap(), accuracy);
            assert_eq!(knn.confusion_matrix(queries, &truth).unwrap(), confusion);
        });
        let mut every_second = Array1::zeros(2 * n);
        every_second.slice_mut(s![..;2]).assign(&labels);
        let sliced = KnnClassifier::fit(&codes, &every_second.slice(s![..;2]), k).unwrap();
        assert_eq!(sliced.predict(&queries).unwrap(), predicted);
    }
}

/// The lines of lesson 02 that panicked in a live cell.
#[test]
fn codes_stacked_from_columns_are_taken() {
    let (x, y) = (array![0.0, 0.1, 5.0], array![1.0, 0.9, 4.0]);
    let codes = latent::ndarray::stack(Axis(1), &[x.view(), y.view()]).unwrap();
    let knn = KnnClassifier::fit(&codes, &array![0, 0, 1], 1).unwrap();
    assert_eq!(knn.predict(&codes).unwrap(), array![0, 0, 1]);
    let swapped = codes.select(Axis(1), &[1, 0]);
    let knn = KnnClassifier::fit(&swapped, &array![0, 0, 1], 1).unwrap();
    assert_eq!(knn.accuracy(&swapped, &array![0, 0, 1]).unwrap(), 1.0);
}

#[test]
fn linfas_traits_give_the_same_answers() {
    let data = Dataset::new(
        array![[0.0, 0.1], [0.2, 0.0], [5.0, 5.1], [5.2, 5.0]],
        array![3, 3, 8, 8],
    )
    .unwrap();
    let theirs = linfa::Dataset::from(data.clone());
    let ours = KnnClassifier::fit(&data.samples, &data.labels, 1).unwrap();
    let expected = ours.predict(&data.samples).unwrap();
    for knn in [
        KnnClassifier::params(1).fit(&theirs).unwrap(),
        KnnClassifier::params(1).fit(&theirs.view()).unwrap(),
    ] {
        let of_dataset: Array1<usize> = Predict::predict(&knn, &theirs);
        assert_eq!(of_dataset, expected);
        let of_array: Array1<usize> = Predict::predict(&knn, &data.samples);
        assert_eq!(of_array, expected);
        let with_records: linfa::Dataset<f32, usize, latent::ndarray::Ix1> =
            Predict::predict(&knn, data.samples.clone());
        assert_eq!(Dataset::try_from(with_records).unwrap().labels, expected);
    }
    let refused = KnnClassifier::params(9).fit(&theirs).unwrap_err();
    assert!(matches!(refused, Error::Neighbours { asked: 9, codes: 4 }));
}

#[test]
#[should_panic(expected = "expected 1 column, got 3")]
fn linfas_predict_panics_with_the_message_of_ours() {
    let knn = KnnClassifier::fit(&array![[0.0], [1.0]], &array![0, 1], 1).unwrap();
    let _: Array1<usize> = Predict::predict(&knn, &Array2::<f32>::zeros((1, 3)));
}
