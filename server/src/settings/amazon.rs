//! What may be set about the client of the Services API: its sandbox, the age of the secret, and what nobody outside
//! Amazon can settle.

use chrono::NaiveDate;
use clap::Args;
use doorstep_spapi::{ContentMd5, Over, PageTokenEncoding, Restricted, RestrictedPath, SignedContentType};

/// Choices of the client, with the defaults that Amazon's documents speak for.
#[derive(Args, Clone, Debug, Default)]
pub struct AmazonChoices {
    /// Set to 1 for Amazon's static sandbox of the marketplace's region.
    #[arg(long, env = "DOORSTEP_SPAPI_SANDBOX", value_parser = super::yes_or_no, default_value = "0", global = true)]
    pub spapi_sandbox: bool,

    /// The day (UTC) on which the client secret was issued, as 2026-03-05: from 150 days on the log tells to rotate it.
    #[arg(long, env = "DOORSTEP_LWA_SECRET_ISSUED", value_parser = day, global = true)]
    pub lwa_secret_issued: Option<NaiveDate>,

    /// Operations that send a restricted data token, by Amazon's names, with commas between.
    #[arg(long, env = "DOORSTEP_RESTRICTED_OPERATIONS", value_delimiter = ',', global = true)]
    pub restricted_operations: Vec<String>,

    /// What a restricted data token is asked for: the template of a path, or each concrete path.
    #[arg(long, env = "DOORSTEP_RESTRICTED_PATH", value_parser = restricted_path, default_value = "template", global = true)]
    pub restricted_path: RestrictedPath,

    /// What the hash of a document is taken over: ciphertext or plaintext.
    #[arg(long, env = "DOORSTEP_CONTENT_SHA256", value_parser = over, default_value = "ciphertext", global = true)]
    pub content_sha256: Over,

    /// Set to 1 to send the MD5 of a document when a destination is asked for.
    #[arg(long, env = "DOORSTEP_CONTENT_MD5", value_parser = content_md5, default_value = "0", global = true)]
    pub content_md5: ContentMd5,

    /// What the Content-Type of an upload says: mime (image/png) or word (PNG).
    #[arg(long, env = "DOORSTEP_UPLOAD_CONTENT_TYPE", value_parser = content_type, default_value = "mime", global = true)]
    pub upload_content_type: SignedContentType,

    /// How page tokens go back to Amazon: encoded or as-received.
    #[arg(long, env = "DOORSTEP_PAGE_TOKENS", value_parser = page_tokens, default_value = "encoded", global = true)]
    pub page_tokens: PageTokenEncoding,
}

impl AmazonChoices {
    /// Puts the choices into a client's settings.
    pub fn apply(&self, to: doorstep_spapi::Settings) -> doorstep_spapi::Settings {
        let operations = self.restricted_operations.iter().map(|name| name.trim().to_owned());
        doorstep_spapi::Settings {
            secret_issued: self.lwa_secret_issued,
            restricted: Restricted {
                operations: operations.filter(|name| !name.is_empty()).collect(),
                path: self.restricted_path,
            },
            content_sha256: self.content_sha256,
            content_md5: self.content_md5,
            signed_content_type: self.upload_content_type,
            page_tokens: self.page_tokens,
            ..to
        }
    }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "takes a day such as 2026-03-05".to_owned())
}

fn one_of<T: Copy>(text: &str, choices: [(&str, T); 2]) -> Result<T, String> {
    let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
    chosen.ok_or_else(|| format!("takes {} or {}", choices[0].0, choices[1].0))
}

fn restricted_path(text: &str) -> Result<RestrictedPath, String> {
    one_of(text, [("template", RestrictedPath::Template), ("concrete", RestrictedPath::Concrete)])
}

fn over(text: &str) -> Result<Over, String> {
    one_of(text, [("ciphertext", Over::Ciphertext), ("plaintext", Over::Plaintext)])
}

fn content_md5(text: &str) -> Result<ContentMd5, String> {
    one_of(text, [("1", ContentMd5::OfDocument), ("0", ContentMd5::Omitted)])
}

fn content_type(text: &str) -> Result<SignedContentType, String> {
    one_of(text, [("mime", SignedContentType::Mime), ("word", SignedContentType::Word)])
}

fn page_tokens(text: &str) -> Result<PageTokenEncoding, String> {
    one_of(text, [("encoded", PageTokenEncoding::Encoded), ("as-received", PageTokenEncoding::AsReceived)])
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        choices: AmazonChoices,
    }

    fn choices(line: &[&str]) -> Result<AmazonChoices, clap::Error> {
        Line::try_parse_from(["doorstep"].iter().chain(line)).map(|line| line.choices)
    }

    #[test]
    fn unset_everything_is_as_the_client_has_it() {
        let settings = |choices: AmazonChoices| {
            let endpoint = doorstep_spapi::Endpoint::parse("http://127.0.0.1:1").unwrap();
            let credentials = doorstep_spapi::Credentials {
                client_id: "made-up".to_owned(),
                client_secret: "made-up".into(),
                refresh_token: "made-up".into(),
            };
            let login = doorstep_spapi::LoginEndpoint::amazon();
            format!("{:?}", choices.apply(doorstep_spapi::Settings::new(endpoint, login, credentials)))
        };
        assert_eq!(settings(choices(&[]).unwrap()), settings(AmazonChoices::default()));
        let restricted =
            choices(&["--restricted-operations", "getServiceJobs, getServiceJobByServiceJobId,"]).unwrap();
        let shown = settings(restricted);
        assert!(shown.contains(r#"{"getServiceJobByServiceJobId", "getServiceJobs"}"#), "{shown}");
    }

    #[test]
    fn a_choice_is_a_word_and_a_day_is_a_day() {
        assert_eq!(choices(&["--content-sha256", "plaintext"]).unwrap().content_sha256, Over::Plaintext);
        assert_eq!(
            choices(&["--page-tokens", "as-received"]).unwrap().page_tokens,
            PageTokenEncoding::AsReceived
        );
        let issued = choices(&["--lwa-secret-issued", "2026-03-05"]).unwrap().lwa_secret_issued;
        assert_eq!(issued, NaiveDate::from_ymd_opt(2026, 3, 5));
        for odd in
            [["--content-sha256", "both"], ["--lwa-secret-issued", "last spring"], ["--content-md5", "2"]]
        {
            assert!(choices(&odd).is_err(), "{odd:?}");
        }
    }
}
