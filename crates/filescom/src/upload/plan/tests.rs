//! Plans, by table and by walking through whole uploads.

use proptest::prelude::*;

use super::*;

const MIB: u64 = 1024 * 1024;
const TIB: u64 = 1024 * 1024 * MIB;

fn hint(size: u64) -> Hint {
    Hint { size: Some(size), available: None, parallel: true }
}

/// The sizes of all parts of a whole of known size.
fn walk(mut plan: Plan, hint: impl Fn(u64) -> Hint) -> Result<Vec<u64>, TooLarge> {
    let mut sizes = Vec::new();
    while !plan.is_done() {
        let size = plan.size(hint(plan.number()))?;
        plan.advance(size);
        sizes.push(size);
    }
    Ok(sizes)
}

#[test]
fn small_files_have_one_part() {
    for total in [0, 1, 5 * MIB, 16 * MIB] {
        let plan = Plan::new(Some(total), 16 * MIB);
        assert_eq!(walk(plan, |_| hint(5 * MIB)).unwrap(), [total]);
    }
}

#[test]
fn the_last_part_is_what_is_left() {
    let plan = Plan::new(Some(12 * MIB), 5 * MIB);
    assert_eq!(
        walk(plan, |_| Hint { parallel: true, ..Hint::default() }).unwrap(),
        [5 * MIB, 5 * MIB, 2 * MIB]
    );
}

#[test]
fn larger_suggestions_are_followed_up_to_a_bound() {
    let growing = |number| hint((number * 30) * MIB);
    let plan = Plan::new(Some(300 * MIB), 16 * MIB);
    let sizes = walk(plan, growing).unwrap();
    assert_eq!(sizes, [30 * MIB, 60 * MIB, 64 * MIB, 64 * MIB, 64 * MIB, 18 * MIB]);
    let plan = Plan::new(Some(200 * MIB), 100 * MIB);
    assert_eq!(walk(plan, growing).unwrap(), [100 * MIB; 2]);
    // What is held follows none: it has a share of the budget.
    let plan = Plan::held(Some(50 * MIB), 16 * MIB, 64 * MIB);
    assert_eq!(walk(plan, growing).unwrap(), [16 * MIB, 16 * MIB, 16 * MIB, 2 * MIB]);
}

proptest! {
    #[test]
    fn any_whole_is_cut_without_gap_or_overlap(
        exponent in 0..44_u32,
        total in any::<u64>(),
        least in 0..100 * MIB,
        parallel in proptest::bool::weighted(0.75),
        sizes in proptest::collection::vec(0..200 * MIB, 7),
    ) {
        let total = total % (1 << exponent);
        let least = MIN_PART + least;
        let hints = |number: u64| Hint {
            size: sizes.get((number % 7) as usize).copied().filter(|size| *size > 0),
            available: number.is_multiple_of(3).then_some(10_001 - number),
            parallel,
        };
        // Serial parts of a large whole would be many.
        let total = if parallel { total } else { total % (4_000 * MIB) };
        let cut = walk(Plan::new(Some(total), least), hints).unwrap();
        prop_assert_eq!(cut.iter().sum::<u64>(), total);
        prop_assert!(!parallel || cut.len() <= 10_000, "{} in {} parts", total, cut.len());
        let (last, others) = cut.split_last().unwrap();
        prop_assert!(others.iter().all(|size| (MIN_PART..=MAX_PART).contains(size)));
        prop_assert!(*last <= MAX_PART && (*last > 0 || total == 0));
    }

    /// Whatever a service hints, a plan comes to an end: every byte once, or a refusal.
    #[test]
    fn no_hint_leads_astray(
        total in proptest::option::of(0..40_000 * MIB),
        least in any::<u64>(),
        budget in any::<u64>(),
        held in any::<bool>(),
        hints in proptest::collection::vec(
            (proptest::option::of(any::<u64>()), proptest::option::of(any::<u64>()), any::<bool>()),
            1..6,
        ),
    ) {
        let least = least.clamp(MIN_PART, MAX_PART);
        let mut plan = match held {
            true => Plan::held(total, least, budget),
            false => Plan::new(total, least),
        };
        let mut sum = 0;
        // Of an unknown size there may always be more.
        while !plan.is_done() && (total.is_some() || plan.number() < 1_000) {
            let (size, available, parallel) = hints[plan.number() as usize % hints.len()];
            let hint = Hint { size, available, parallel };
            let Ok(size) = plan.size(hint) else { return Ok(()) };
            prop_assert!(size <= MAX_PART && (size >= MIN_PART || total.is_some()));
            prop_assert_eq!(plan.offset(), sum);
            let _ = plan.left(hint);
            plan.advance(size);
            sum += size;
        }
        prop_assert!(total.is_none_or(|total| sum == total), "{} of {:?}", sum, total);
    }
}

#[test]
fn terabytes_fit() {
    for total in [160_000 * MIB, 160_001 * MIB, TIB, 5 * TIB] {
        let sizes = walk(Plan::new(Some(total), 16 * MIB), |_| hint(5 * MIB)).unwrap();
        assert_eq!(sizes.iter().sum::<u64>(), total);
        assert!(sizes.len() <= 10_000, "{} parts", sizes.len());
        assert!(sizes.iter().all(|size| *size <= MAX_PART));
    }
    let plan = Plan::new(Some(60 * 1024 * TIB), 16 * MIB);
    assert!(walk(plan, |_| hint(5 * MIB)).is_err());
}

#[test]
fn the_parts_that_the_service_has_left_count() {
    let plan = Plan::new(Some(100 * MIB), 5 * MIB);
    let few = |number| Hint { available: Some(5 - number), ..hint(5 * MIB) };
    assert_eq!(walk(plan, few).unwrap(), [25 * MIB; 4]);
    let plan = Plan::held(Some(100 * MIB), 5 * MIB, 10 * MIB);
    assert!(walk(plan, few).unwrap_err().to_string().contains("10 MiB"));
}

#[test]
fn one_after_another_means_as_suggested_and_without_end() {
    let serial = |_| Hint { size: Some(7 * MIB), available: Some(1), parallel: false };
    let plan = Plan::new(Some(20 * MIB), 16 * MIB);
    assert_eq!(walk(plan, serial).unwrap(), [7 * MIB, 7 * MIB, 6 * MIB]);
    let plan = Plan::new(Some(100_000 * MIB), 16 * MIB);
    assert_eq!(walk(plan, |_| Hint::default()).unwrap().len(), 20_000);
}

#[test]
fn an_unknown_size_grows_within_the_budget() {
    for (budget, at_least) in [(64 * MIB, 600_000 * MIB), (u64::MAX, 5 * TIB)] {
        let mut plan = Plan::held(None, 8 * MIB, budget);
        assert!(!plan.is_done());
        let (mut first, mut last, mut sum) = (None, 0, 0u64);
        while let Ok(size) = plan.size(hint(5 * MIB)) {
            assert!(size >= last && size <= budget && size <= MAX_PART);
            first.get_or_insert(size);
            last = size;
            sum += size;
            plan.advance(size);
        }
        assert_eq!((first, plan.number()), (Some(8 * MIB), 10_001));
        assert!(sum >= at_least, "{sum} bytes");
    }
}

#[test]
fn how_many_are_left() {
    let plan = Plan::new(Some(100 * MIB), 16 * MIB);
    assert_eq!(plan.left(hint(5 * MIB)), Some(7));
    assert_eq!(Plan::new(None, 16 * MIB).left(hint(5 * MIB)), None);
}
