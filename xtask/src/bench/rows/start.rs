//! From nothing to the first answer.

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::tools;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

const US: &str = "wharf ls";
const CURL: &str = "curl";

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::new();
    for (caption, stage) in [("plain HTTP", Stage::new(bench)?), ("TLS", Stage::with_tls(bench)?)] {
        stage.plant("filescom", "few", &json!({"files": 10, "size": 16}))?;
        let url = format!("{}/api/rest/v1/folders/few", stage.url());
        let key = format!("X-FilesAPI-Key: {}", stage.key());
        let curl = Run::new(tools::system("curl")?).args(["-s", "--fail", "-H", &key, &url]);
        let wharf = bench.wharf().args(["ls", &stage.target("few")]);
        let contest = Contest::new()
            .with(US, Ok(stage.told(wharf)))
            .with(CURL, Ok(stage.curl_trusting(curl)))
            .with(
                "rclone lsf",
                stage.rclone(bench).map(|run| stage.told(run.args(["lsf", "fc:few"]))),
            )
            .hold(bench, bench.either(31, 7), |_| Ok(()));
        report.ratio(
            &format!("{caption}: time, of curl's"),
            Bound::AtMost(1.5),
            contest.ratio(Of::Wall, US, CURL),
        );
        let what = format!("{caption}: peak memory");
        report.target(&what, Bound::AtMost(20.0), " MiB", contest.spread(Of::Peak, US));
        report.contest(caption, &contest);
    }
    Ok(report)
}
