//! Running the cases: one by one under a test runner, or all of them as a value.

use crate::{Case, Context, Harness, Verdict, all};

/// One test per case, for the harness that the expression makes.
///
/// See the [crate's page](crate) for an example. The harness is made anew for every case.
#[macro_export]
macro_rules! suite {
    ($harness:expr) => {
        $crate::__cases! { [$crate::__tests] $harness }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ([$harness:expr] $($group:ident: $($name:ident)+;)+) => {
        $($(
            #[test]
            fn $name() {
                $crate::run(stringify!($name), &$harness);
            }
        )+)+
    };
}

/// What a case found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The case.
    pub case: &'static str,
    /// What it found.
    pub verdict: Verdict,
}

/// Runs every case, each on a harness of its own, and tells what they found.
pub async fn check<H: Harness>(harness: impl Fn() -> H) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for case in all() {
        let verdict = run_case(&case, &harness()).await;
        outcomes.push(Outcome { case: case.name, verdict });
    }
    outcomes
}

/// Runs one case by name on a runtime of its own. This is what [`suite!`] calls.
///
/// # Panics
///
/// When the promise is broken, for that is how a test fails.
#[expect(clippy::panic, reason = "a test fails by a panic")]
pub fn run(name: &str, harness: &dyn Harness) {
    let Some(case) = all().into_iter().find(|case| case.name == name) else {
        panic!("there is no case {name}");
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let verdict = match runtime {
        Ok(runtime) => runtime.block_on(run_case(&case, harness)),
        Err(error) => panic!("no runtime: {error}"),
    };
    if let Err(violation) = verdict {
        panic!("{name}: {violation}");
    }
}

async fn run_case(case: &Case, harness: &dyn Harness) -> Verdict {
    let context = Context::new(harness).await?;
    (case.run)(&context).await
}
