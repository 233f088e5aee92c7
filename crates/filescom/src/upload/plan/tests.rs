//! Plans, by table and by walking through whole uploads.

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

/// Numbers that look random and are the same every time.
fn random() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    }
}

#[test]
fn any_whole_is_cut_without_gap_or_overlap() {
    let mut random = random();
    for _ in 0..2_000 {
        let exponent = random(44);
        let total = random(1 << exponent);
        let least = MIN_PART + random(100 * MIB);
        let parallel = random(4) > 0;
        let sizes: Vec<u64> = (0..7).map(|_| random(200 * MIB)).collect();
        let hints = |number: u64| Hint {
            size: sizes.get((number % 7) as usize).copied().filter(|size| *size > 0),
            available: number.is_multiple_of(3).then_some(10_001 - number),
            parallel,
        };
        // Serial parts of a large whole would be many.
        let total = if parallel { total } else { total % (4_000 * MIB) };
        let cut = walk(Plan::new(Some(total), least), hints).unwrap();
        assert_eq!(cut.iter().sum::<u64>(), total);
        assert!(!parallel || cut.len() <= 10_000, "{total} in {} parts", cut.len());
        let (last, others) = cut.split_last().unwrap();
        assert!(others.iter().all(|size| (MIN_PART..=MAX_PART).contains(size)));
        assert!(*last <= MAX_PART && (*last > 0 || total == 0));
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
