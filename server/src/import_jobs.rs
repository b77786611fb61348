//! `doorstep import jobs FILE.csv`.

use anyhow::{Context as _, anyhow, ensure};
use clap::Subcommand;
use doorstep_core::api::{ImportColumns, ImportReport};
use doorstep_server::{
    app::App,
    import::{self, Mode},
};
use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

#[derive(Subcommand)]
pub(crate) enum Import {
    /// Take in the jobs of a CSV file, such as the export of Manage Jobs in Seller Central.
    Jobs {
        /// Separated by commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252.
        file: PathBuf,
        /// A JSON file with your own names of columns: {"service_job_id": ["Job number"], "status": []}. Without it,
        /// those that are set in the console.
        #[arg(long, env = "DOORSTEP_IMPORT_COLUMNS")]
        map: Option<PathBuf>,
        /// Say what would happen, and do nothing.
        #[arg(long)]
        preview: bool,
    },
}

impl Import {
    pub(crate) async fn run(self, app: &App) -> anyhow::Result<()> {
        let Self::Jobs { file, map, preview } = self;
        let columns = match map {
            Some(map) => columns(&map)?,
            None => app.db.read().await?.import_columns(app.seller).await?,
        };
        let mut file = File::open(&file).with_context(|| format!("opening {}", file.display()))?;
        let length = file.metadata()?.len();
        ensure!(length <= import::LARGEST_FILE, "the file is larger than 64 MiB: split it");
        let mode = if preview { Mode::Preview } else { Mode::TakeIn };
        let report = import::run(app, &mut file, &columns, None, mode).await?;
        tell(&report, mode)?;
        match &report.stopped {
            Some(why) if report.rows == 0 => Err(anyhow!("{why}")),
            _ => Ok(()),
        }
    }
}

fn columns(path: &Path) -> anyhow::Result<ImportColumns> {
    let text = fs::read_to_string(path).with_context(|| format!("opening {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| {
        format!("{} is no JSON object of our fields, each with a list of names", path.display())
    })
}

/// The sums on standard output; each flaw on standard error, where it does not mix with them.
fn tell(report: &ImportReport, mode: Mode) -> anyhow::Result<()> {
    let mut errors = std::io::stderr().lock();
    for flaw in &report.flaws {
        let field = flaw.field.map(field_name).transpose()?.unwrap_or_default();
        let left_out = if flaw.taken { " (the job was taken)" } else { "" };
        writeln!(errors, "line {}{field}: {}{left_out}", flaw.line, flaw.reason)?;
    }
    if report.flaws_left_out > 0 {
        writeln!(errors, "and {} more", report.flaws_left_out)?;
    }
    let mut out = std::io::stdout().lock();
    if !report.ignored.is_empty() {
        writeln!(out, "columns that are not used: {}", report.ignored.join(", "))?;
    }
    if let (Some(why), true) = (&report.stopped, report.rows > 0) {
        writeln!(out, "stopped before the end: {why}")?;
    }
    let would = if mode == Mode::Preview { "would be " } else { "" };
    writeln!(
        out,
        "{} jobs {would}taken in, {} changed, {} as they were, {} known from Amazon, {} lines not taken",
        report.taken_in, report.changed, report.unchanged, report.known, report.bad
    )?;
    Ok(out.flush()?)
}

fn field_name(field: doorstep_core::api::ImportField) -> anyhow::Result<String> {
    let name = serde_json::to_value(field)?;
    Ok(name.as_str().map_or_else(String::new, |name| format!(", {name}")))
}
