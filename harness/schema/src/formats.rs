//! Texts of the formats that JSON Schema names. A format that is not here is a note to the reader, as the standard has it.

use proptest::prelude::*;
use proptest::sample::select;

/// What a format looks like in its usual and in its unusual spellings.
const SAMPLES: &[(&str, &[&str])] = &[
    (
        "email",
        &[
            "a@b.co",
            "ada@example.com",
            "Ada.Lovelace@Example.COM",
            "a.b+c@example.co.uk",
            "a_b-c@sub.example.org",
            "1@2.com",
            "A@B.CO",
            "o'neil@example.com",
            "a@localhost",
        ],
    ),
    ("idn-email", &["a@b.co", "ada@example.com", "josé@example.com", "ß@example.com", "A@B.CO"]),
    (
        "uuid",
        &[
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF",
            "123e4567-e89b-12d3-a456-426614174000",
        ],
    ),
    (
        "date",
        &[
            "2024-02-29",
            "2023-02-28",
            "2024-03-01",
            "2024-12-31",
            "2024-01-01",
            "2024-01-31",
            "2024-04-30",
            "2000-02-29",
            "1900-02-28",
            "1970-01-01",
            "1969-12-31",
            "2020-02-29",
            "2024-02-28",
            "2025-02-28",
            "2025-12-31",
            "2026-01-01",
            "2026-03-29",
            "2026-10-25",
            "2026-03-08",
            "2020-12-31",
            "2021-01-03",
            "2024-12-30",
            "2038-01-19",
        ],
    ),
    (
        "date-time",
        &[
            "2024-02-29T12:00:00Z",
            "2023-12-31T23:59:59Z",
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00+00:00",
            "2024-01-01T00:30:00+02:00",
            "2023-12-31T23:30:00-05:00",
            "2024-06-15T12:00:00.5Z",
            "2024-06-15T12:00:00.123Z",
            "2024-06-15T12:00:00.123456789Z",
            "1970-01-01T00:00:00Z",
            "2024-03-31T00:59:59Z",
            "2024-03-31T01:00:00Z",
            "2024-03-31T01:30:00+01:00",
            "2024-03-31T03:00:00+02:00",
            "2024-10-27T00:30:00Z",
            "2024-10-27T01:30:00Z",
            "2024-03-10T07:00:00Z",
            "2024-11-03T06:30:00Z",
            "2024-02-29T00:30:00+14:00",
            "2024-02-28T23:30:00-12:00",
            "2024-03-01T00:15:00+05:30",
            "2024-12-31T23:59:59-00:01",
            "2024-12-31T23:59:59.999Z",
            "2025-01-01T00:00:00.000Z",
            "2024-06-15T12:00:00.100Z",
            "2024-06-15T12:00:00-00:00",
            "2038-01-19T03:14:08Z",
        ],
    ),
    ("time", &["00:00:00Z", "23:59:59Z", "12:00:00+02:00", "12:30:00.5Z", "00:30:00+05:30", "23:59:59.999-12:00"]),
    ("duration", &["P1D", "PT1H", "P1Y2M3DT4H5M6S", "PT0S", "P2W", "PT36H"]),
    (
        "uri",
        &[
            "https://example.com",
            "https://example.com/",
            "http://example.com/a?b=c&d=%20#e",
            "HTTPS://EXAMPLE.COM/A",
            "mailto:a@b.co",
            "https://user@example.com:8080/a/../b",
            "urn:isbn:0451450523",
            "https://[::1]/",
        ],
    ),
    ("uri-reference", &["/a/b", "a", "", "?q=1", "#f", "https://example.com/a", "//example.com/a"]),
    ("iri", &["https://example.com/é", "https://example.com/", "https://例え.jp/"]),
    ("iri-reference", &["/é", "a", "", "https://example.com/"]),
    ("uri-template", &["/a/{b}", "/a{?c,d}", "https://example.com/{id}", "/"]),
    ("hostname", &["example.com", "a", "EXAMPLE.com", "a-b.example.co.uk", "localhost", "1.example.com"]),
    ("idn-hostname", &["example.com", "a", "localhost"]),
    ("ipv4", &["0.0.0.0", "127.0.0.1", "255.255.255.255", "10.0.0.1", "192.168.1.10"]),
    (
        "ipv6",
        &[
            "::",
            "::1",
            "2001:db8::1",
            "2001:DB8::1",
            "fe80::1",
            "::ffff:192.0.2.1",
            "2001:0db8:0000:0000:0000:0000:0000:0001",
        ],
    ),
    ("json-pointer", &["", "/", "/a", "/a/0", "/a~1b/~0"]),
    ("relative-json-pointer", &["0", "1/a", "0#"]),
    ("regex", &["", "a", "^a+$", "[a-z]*", "a|b"]),
];

/// What nobody sends, although the format admits it.
const RARE: &[(&str, &[&str])] = &[
    ("date", &["0001-01-01", "0000-02-29", "9999-12-31", "0099-12-31"]),
    (
        "date-time",
        &[
            "2024-06-15t12:00:00z",
            "2024-06-15T12:00:00z",
            "2016-12-31T23:59:60Z",
            "0001-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59-12:00",
        ],
    ),
    ("time", &["23:59:60Z", "12:00:00z", "12:00:00.000000001Z"]),
];

/// The formats of which texts can be drawn.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|(name, _)| *name)
}

/// Whether texts of this format can be drawn.
pub(super) fn is_known(format: &str) -> bool {
    SAMPLES.iter().any(|(name, _)| *name == format)
}

/// Dates at the ends of months, years and calendars.
#[must_use]
pub fn date_edges() -> &'static [&'static str] {
    samples_of("date")
}

fn samples_of(format: &str) -> &'static [&'static str] {
    SAMPLES.iter().find(|(name, _)| *name == format).map_or(&[""][..], |(_, samples)| samples)
}

/// Texts of a format that is known, mostly: the caller validates.
pub(super) fn texts(format: &str) -> BoxedStrategy<String> {
    let samples = select(samples_of(format)).prop_map(str::to_owned).boxed();
    let any = match format {
        "date" => dates(),
        "date-time" => {
            let zone = select(
                &["Z", "Z", "Z", "+00:00", "+02:00", "-05:00", ".250Z", ".5Z", "+05:30", "-03:30", "+14:00", "-12:00"]
                    [..],
            );
            let hour = prop_oneof![2 => 0..24, 1 => 22..24, 1 => 0..2];
            (dates(), hour, 0..60, 0..60, zone)
                .prop_map(|(date, hour, minute, second, zone)| {
                    format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}")
                })
                .boxed()
        }
        "time" => (0..24, 0..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}:00Z")).boxed(),
        "uuid" => any::<u128>()
            .prop_map(|bits| {
                let hex = format!("{bits:032x}");
                format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
            })
            .boxed(),
        "email" | "idn-email" => ("[a-z][a-z0-9.+_]{0,6}[a-z0-9]", "[a-z]{1,6}", select(&["com", "org", "co.uk"][..]))
            .prop_map(|(name, host, domain)| format!("{name}@{host}.{domain}"))
            .boxed(),
        "ipv4" => any::<[u8; 4]>().prop_map(|bytes| bytes.map(|byte| byte.to_string()).join(".")).boxed(),
        _ => return samples,
    };
    match RARE.iter().find(|(name, _)| *name == format) {
        Some((_, rare)) => prop_oneof![150 => samples, 150 => any, 1 => select(*rare).prop_map(str::to_owned)].boxed(),
        None => prop_oneof![1 => samples, 1 => any].boxed(),
    }
}

/// Days of the last hundred and the next fifty years, most of them in years that people use, many at the end of a month.
fn dates() -> BoxedStrategy<String> {
    let day = prop_oneof![3 => 1..=28, 2 => 28..=31];
    let year = prop_oneof![2 => 2018..=2030, 1 => 1995..=2035, 1 => 1926..=2075];
    let month = prop_oneof![6 => 1..=12, 1 => Just(2), 1 => Just(12)];
    (year, month, day).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")).boxed()
}
