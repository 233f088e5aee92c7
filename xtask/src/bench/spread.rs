//! Medians, and how far around them the others lie.

use serde_json::{Value, json};

/// The quartiles of a few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) low: f64,
    pub(super) median: f64,
    pub(super) high: f64,
}

impl Spread {
    /// None of no number at all.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut numbers: Vec<f64> =
            numbers.into_iter().filter(|number| number.is_finite()).collect();
        numbers.sort_by(f64::total_cmp);
        let at = |share| quantile(&numbers, share);
        Some(Self { low: at(0.25)?, median: at(0.5)?, high: at(0.75)? })
    }

    pub(super) fn to_json(self) -> Value {
        json!([self.low, self.median, self.high])
    }

    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let at = |place| value.get(place)?.as_f64();
        Some(Self { low: at(0)?, median: at(1)?, high: at(2)? })
    }
}

/// Between two numbers a line is drawn.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let below = place.floor();
    let (low, high) = (sorted.get(below as usize)?, sorted.get(place.ceil() as usize)?);
    Some(low + (high - low) * (place - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_where_they_should() {
        let spread = Spread::of([5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!((spread.low, spread.median, spread.high), (2.0, 3.0, 4.0));
        let spread = Spread::of([1.0, 2.0]).unwrap();
        assert_eq!((spread.low, spread.median, spread.high), (1.25, 1.5, 1.75));
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([f64::NAN]), None);
        assert_eq!(Spread::from_json(&spread.to_json()), Some(spread));
    }
}
