//! The growth of costs with size.

/// The exponent `e` of the power law `cost = c * size^e` that fits best: the slope of
/// the least-squares line through the logarithms. `None` for less than two sizes.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points
        .iter()
        .filter(|(x, y)| *x > 0.0 && *y > 0.0)
        .map(|(x, y)| (x.ln(), y.ln()))
        .collect();
    let count = logs.len() as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>() / count;
    let (x_mean, y_mean) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = logs.iter().map(|p| (p.0 - x_mean).powi(2)).sum();
    let common: f64 = logs.iter().map(|p| (p.0 - x_mean) * (p.1 - y_mean)).sum();
    (logs.len() >= 2 && spread > 0.0).then(|| common / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cost: impl Fn(f64) -> f64) -> f64 {
        let sizes = [1e3, 1e4, 1e5, 1e6];
        exponent(&sizes.map(|size| (size, cost(size)))).unwrap()
    }

    #[test]
    fn powers_are_found() {
        assert!((of(|size| 3.0 * size) - 1.0).abs() < 1e-9);
        assert!((of(|size| 0.1 * size * size) - 2.0).abs() < 1e-9);
        assert!((of(|_| 7.0)).abs() < 1e-9);
    }

    #[test]
    fn one_size_has_no_exponent() {
        assert_eq!(exponent(&[(1.0, 1.0)]), None);
        assert_eq!(exponent(&[(2.0, 1.0), (2.0, 3.0)]), None);
        assert_eq!(exponent(&[]), None);
    }
}
