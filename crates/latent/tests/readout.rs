//! The readout on real digits, beside scikit-learn's `KNeighborsClassifier(5)`
//! (`golden/make_sklearn.py` made the file).

use latent::prelude::*;
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
