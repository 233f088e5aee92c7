//! Several programs at the same work, in rounds, in an order that changes.

use serde_json::{Value, json};

use super::measure::{Cost, Run};
use super::spread::Spread;
use super::workbench::Bench;
use crate::outcome::Failure;

/// Who takes part, and what each round has brought.
#[derive(Debug)]
pub(super) struct Contest {
    sides: Vec<Side>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) name: String,
    run: Result<Run, String>,
    /// One place a round; the rounds of a slow one may be fewer.
    costs: Vec<Option<Cost>>,
    most: usize,
    failure: Option<String>,
}

/// What of a cost is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Wall,
    Cpu,
    Peak,
    /// A number that the program itself printed.
    Said(&'static str),
}

impl Of {
    fn read(self, cost: &Cost) -> Option<f64> {
        match self {
            Self::Wall => Some(cost.wall),
            Self::Cpu => Some(cost.cpu),
            Self::Peak => Some(cost.peak),
            Self::Said(name) => cost.number(name),
        }
    }
}

impl Contest {
    pub(super) fn new() -> Self {
        Self { sides: Vec::new() }
    }

    /// Adds one who takes part, or the reason why not.
    pub(super) fn with(mut self, name: impl Into<String>, run: Result<Run, Failure>) -> Self {
        let run = run.map_err(|failure| failure.to_string());
        let failure = run.as_ref().err().cloned();
        self.sides.push(Side {
            name: name.into(),
            run,
            costs: Vec::new(),
            most: usize::MAX,
            failure,
        });
        self
    }

    /// Bounds the rounds of the one added last, who is slow.
    pub(super) fn at_most(mut self, rounds: usize) -> Self {
        if let Some(side) = self.sides.last_mut() {
            side.most = rounds;
        }
        self
    }

    /// Runs all rounds. Who fails once is out; the others go on.
    pub(super) fn hold(
        mut self,
        bench: &mut Bench,
        rounds: usize,
        mut before: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Self {
        for round in 0..rounds {
            let order = bench.shuffled(self.sides.len());
            for place in order {
                let Some(side) = self.sides.get_mut(place) else { continue };
                let cost = side.round(bench, round, &mut before);
                side.costs.push(cost);
            }
        }
        for side in &self.sides {
            println!("  {}", side.line());
        }
        self
    }

    /// The sides of both.
    pub(super) fn joined(mut self, other: Self) -> Self {
        self.sides.extend(other.sides);
        self
    }

    /// The ratio of two, round by round.
    pub(super) fn ratio(&self, of: Of, above: &str, below: &str) -> Option<Spread> {
        let (above, below) = (self.side(above)?, self.side(below)?);
        let pairs = above.costs.iter().zip(&below.costs);
        Spread::of(pairs.filter_map(|(above, below)| {
            Some(of.read(above.as_ref()?)? / of.read(below.as_ref()?)?)
        }))
    }

    pub(super) fn spread(&self, of: Of, name: &str) -> Option<Spread> {
        let costs = self.side(name)?.costs.iter().flatten();
        Spread::of(costs.filter_map(|cost| of.read(cost)))
    }

    /// The one with the best median, but for us.
    pub(super) fn best_peer(&self, of: Of, us: &str) -> Option<&str> {
        let peers = self.sides.iter().map(|side| side.name.as_str()).filter(|name| *name != us);
        let medians = peers.filter_map(|name| Some((name, self.spread(of, name)?.median)));
        medians.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(name, _)| name)
    }

    /// Why one has no figures.
    pub(super) fn failure(&self, name: &str) -> Option<&str> {
        self.side(name)?.failure.as_deref()
    }

    pub(super) fn to_json(&self) -> Value {
        let side = |side: &Side| {
            let spread = |of| self.spread(of, &side.name).map(Spread::to_json);
            json!({
                "name": side.name,
                "wall": spread(Of::Wall),
                "cpu": spread(Of::Cpu),
                "peak": spread(Of::Peak),
                "rounds": side.costs.iter().flatten().map(Cost::to_json).collect::<Vec<_>>(),
                "failure": side.failure,
            })
        };
        self.sides.iter().map(side).collect()
    }

    fn side(&self, name: &str) -> Option<&Side> {
        self.sides.iter().find(|side| side.name == name)
    }
}

impl Side {
    fn round(
        &mut self,
        bench: &Bench,
        round: usize,
        before: &mut impl FnMut(&str) -> Result<(), Failure>,
    ) -> Option<Cost> {
        if self.failure.is_some() || round >= self.most {
            return None;
        }
        let run = self.run.as_ref().ok()?;
        let cost = before(&self.name).and_then(|()| run.measure(bench.folder()));
        match cost {
            Ok(cost) => Some(cost),
            Err(failure) => {
                self.failure = Some(failure.to_string());
                None
            }
        }
    }

    fn line(&self) -> String {
        let walls = self.costs.iter().flatten().map(|cost| cost.wall);
        match (Spread::of(walls), self.costs.iter().flatten().last()) {
            (Some(wall), Some(last)) => format!(
                "{:<34} {:>8.3} s, {:>7.3} s of CPU, {:>6.1} MiB",
                self.name, wall.median, last.cpu, last.peak
            ),
            _ => format!("{:<34} {}", self.name, self.failure.as_deref().unwrap_or("not run")),
        }
    }
}
