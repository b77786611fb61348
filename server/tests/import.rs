//! Files nobody would want: whatever their bytes are, an import answers with a report.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[allow(dead_code, reason = "shared with the suite of the database")]
#[path = "db/engines.rs"]
mod engines;

use doorstep_core::api::{ImportColumns, ImportField, ImportReport};
use doorstep_server::import::{self, Mode};
use engines::Ground;
use proptest::{collection::vec, prelude::*, sample::select};
use std::io::Cursor;

fn imported(files: &[Vec<u8>]) -> Vec<ImportReport> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ground = Ground::on_sqlite(|_| ()).await;
        let mut reports = Vec::new();
        for file in files {
            let mut file = Cursor::new(file);
            let columns = ImportColumns::default();
            reports.push(import::run(&ground.app, &mut file, &columns, None, Mode::TakeIn).await.unwrap());
        }
        reports
    })
}

fn adds_up(report: &ImportReport) -> bool {
    report.rows == report.taken_in + report.changed + report.unchanged + report.known + report.bad
}

/// What tables are made of, whole and broken.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        &b"Job ID"[..],
        b"Appointment Start",
        b"Technician",
        b"Status",
        b"Duration",
        b"End",
        b"Phone",
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b"\"\"",
        b"=",
        b"=\"1\"",
        b"J1",
        b"J2",
        b"3/5/2026 9:00 AM",
        b"25:61",
        b"2026-03-29T02:30",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\0",
        b"\xe9",
        b"\xf0\x9f",
        b"@SUM(1)",
        b"-1",
        b" ",
        b"'",
        b"99999",
        b"1.5 h",
        b" - ",
        b"sep=;",
    ];
    prop_oneof![
        8 => select(known.to_vec()).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..12),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_the_bytes_are_there_is_a_report(
        noise in vec(vec(any::<u8>(), 0..400), 20),
        tables in vec(vec(piece(), 0..60), 40),
    ) {
        let begin = |table: Vec<Vec<u8>>| [&b"Job ID,Start,End,Technician\n"[..], &table.concat()].concat();
        let files: Vec<Vec<u8>> = noise.into_iter().chain(tables.into_iter().map(begin)).collect();
        for report in imported(&files) {
            prop_assert!(adds_up(&report), "{report:?}");
            prop_assert!(report.flaws.len() <= 200);
        }
    }
}

#[test]
fn spreadsheets_of_every_kind_are_the_same_jobs() {
    let text = "Job ID;Stadt;Start\r\nJ1;Köln;2026-03-05 09:00\r\nJ2;\"Ort;\r\nTeil\";2026-03-05 10:00\r\n";
    let files = [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
        format!("sep=;\r\n{text}").into_bytes(),
        format!("Jobs of this week\r\n\r\n{text}").into_bytes(),
        text.replace("\"Ort;\r\nTeil\"", "Ort").replace(';', "\t").into_bytes(),
    ];
    let reports = imported(&files);
    assert_eq!(reports[0].taken_in, 2);
    for report in &reports {
        assert_eq!((report.rows, report.bad, &report.stopped), (2, 0, &None), "{report:?}");
        assert_eq!(report.ignored, ["Stadt"]);
    }
    let encodings: Vec<&str> = reports.iter().map(|report| report.encoding.as_str()).collect();
    assert_eq!(&encodings[..4], ["UTF-8", "UTF-8", "UTF-16", "Windows-1252"]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let file =
        "A title\r\n\r\nJob ID,City\r\n\r\nJ1,\"a\r\nb\"\r\n,x\r\n\r\n\r\n,y\r\n,\"z\r\n\r\n\"\r\n,end";
    for file in [file.to_owned(), file.replace('\r', ""), file.replace("\r\n", "\r")] {
        let [report] = &imported(&[file.into_bytes()])[..] else { panic!() };
        let lines: Vec<u32> = report.flaws.iter().map(|flaw| flaw.line).collect();
        assert_eq!(lines, [7, 10, 11, 14]);
    }
}

#[test]
fn a_file_that_is_no_table_of_jobs_says_what_to_do() {
    let files: Vec<Vec<u8>> =
        [&b""[..], b"PK\x03\x04", b"Name,City\nTest Buyer 07,Sampletown\n"].map(<[u8]>::to_vec).to_vec();
    for report in imported(&files) {
        assert!(report.stopped.is_some() && report.rows == 0 && report.import.is_none(), "{report:?}");
    }
}

#[test]
fn a_hundred_thousand_lines_are_read_and_no_more() {
    let mut file = String::from("Job ID,City\n");
    for _ in 0..100_001 {
        file.push_str(",Sampletown\n");
    }
    let [report] = &imported(&[file.into_bytes()])[..] else { panic!() };
    assert_eq!((report.rows, report.bad), (100_000, 100_000));
    assert_eq!((report.flaws.len(), report.flaws_left_out), (200, 99_800));
    assert!(report.stopped.is_some());
    assert_eq!((report.flaws[199].line, report.flaws[199].field), (201, Some(ImportField::ServiceJobId)));
}
