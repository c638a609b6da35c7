//! What a JavaScript host has beside clock and randomness, as doors that the prelude opens: texts as bytes, digests, addresses,
//! and the scripts that make the rest of them.

#![expect(clippy::needless_pass_by_value, reason = "functions that JavaScript calls own what they are given")]

use hmac::SimpleHmac;
use hmac::digest::core_api::BlockSizeUser;
use hmac::digest::{Digest, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rquickjs::context::EvalOptions;
use rquickjs::{Ctx, Exception, Function, Object, TypedArray};
use url::{Url, quirks};

use super::date::{self, Parsed};
use super::math;
use super::profile::Profile;
use super::trace::PRELUDE;

macro_rules! script {
    ($name:literal) => {
        ($name, include_str!(concat!("../runtime/quickjs/host/", $name, ".js")))
    };
}

/// Scripts that are evaluated when a handler first asks for what they make.
const SCRIPTS: &[(&str, &str)] = &[
    script!("buffer"),
    script!("clone"),
    script!("intl"),
    script!("intl_collate"),
    script!("intl_data"),
    script!("intl_date"),
    script!("intl_number"),
    script!("messages"),
    script!("sort"),
    script!("text"),
    script!("url"),
];

/// Adds the doors to `doors`.
pub(super) fn add<'js>(ctx: &Ctx<'js>, doors: &Object<'js>, profile: Profile) -> rquickjs::Result<()> {
    doors.set("node", profile.major())?;
    doors.set("script", Function::new(ctx.clone(), evaluate)?)?;
    doors.set("utf8", Function::new(ctx.clone(), |ctx: Ctx<'js>, text: String| TypedArray::<u8>::new(ctx, text))?)?;
    doors.set("text", Function::new(ctx.clone(), text)?)?;
    doors.set("digest", Function::new(ctx.clone(), digest)?)?;
    doors.set("url", Function::new(ctx.clone(), parse)?)?;
    doors.set("urlPart", Function::new(ctx.clone(), part)?)?;
    doors.set("urlWith", Function::new(ctx.clone(), with)?)?;
    doors.set("zone", Function::new(ctx.clone(), zone)?)?;
    doors.set("ahead", Function::new(ctx.clone(), ahead)?)?;
    doors.set("fromLocal", Function::new(ctx.clone(), from_local)?)?;
    doors.set("isSummer", Function::new(ctx.clone(), is_summer)?)?;
    doors.set("parseDate", Function::new(ctx.clone(), parse_date)?)?;
    doors.set("math", math::object(ctx, profile)?)?;
    doors.set("radixText", Function::new(ctx.clone(), math::radix_text)?)
}

/// The value of a script.
fn evaluate(ctx: Ctx<'_>, name: String) -> rquickjs::Result<Function<'_>> {
    let script = SCRIPTS.iter().find(|(known, _)| *known == name);
    let (_, source) = script.ok_or_else(|| Exception::throw_reference(&ctx, &name))?;
    let mut options = EvalOptions::default();
    options.filename = Some(PRELUDE.to_owned());
    ctx.eval_with_options(*source, options)
}

/// A copy of an array's bytes; of one whose memory is gone, none.
fn bytes_of(array: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: no script runs while the bytes are copied, so that nothing moves or frees them.
    unsafe { array.as_bytes() }.unwrap_or_default().to_vec()
}

/// The text that bytes in UTF-8 are. What is none becomes U+FFFD, or nothing is answered.
fn text(bytes: TypedArray<'_, u8>, fatal: bool) -> Option<String> {
    let bytes = bytes_of(&bytes);
    if fatal { String::from_utf8(bytes).ok() } else { Some(String::from_utf8_lossy(&bytes).into_owned()) }
}

/// A digest of bytes, with a key if there is one.
fn digest<'js>(
    ctx: Ctx<'js>,
    algorithm: String,
    bytes: TypedArray<'js, u8>,
    key: Option<TypedArray<'js, u8>>,
) -> rquickjs::Result<TypedArray<'js, u8>> {
    let (bytes, key) = (bytes_of(&bytes), key.as_ref().map(bytes_of));
    let digest = match algorithm.as_str() {
        "md5" => digest_of::<md5::Md5>(&bytes, key.as_deref()),
        "sha1" => digest_of::<sha1::Sha1>(&bytes, key.as_deref()),
        "sha224" => digest_of::<sha2::Sha224>(&bytes, key.as_deref()),
        "sha256" => digest_of::<sha2::Sha256>(&bytes, key.as_deref()),
        "sha384" => digest_of::<sha2::Sha384>(&bytes, key.as_deref()),
        "sha512" => digest_of::<sha2::Sha512>(&bytes, key.as_deref()),
        _ => return Err(Exception::throw_type(&ctx, &format!("no digest {algorithm}"))),
    };
    TypedArray::new(ctx, digest)
}

fn digest_of<D: Digest + BlockSizeUser>(bytes: &[u8], key: Option<&[u8]>) -> Vec<u8> {
    let keyed = key.and_then(|key| <SimpleHmac<D> as Mac>::new_from_slice(key).ok());
    match keyed {
        Some(mac) => mac.chain_update(bytes).finalize().into_bytes().to_vec(),
        None => D::digest(bytes).to_vec(),
    }
}

/// The name of a time zone as its table spells it.
fn zone(name: String) -> Option<String> {
    TimeZone::get(&name).ok()?.iana_name().map(str::to_owned)
}

/// A time in milliseconds, or the nearest one of the calendar.
#[expect(clippy::cast_possible_truncation, reason = "a time beyond the calendar is cut off")]
fn moment(time: f64) -> Timestamp {
    let end = if time < 0.0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(time as i64).unwrap_or(end)
}

/// By how many milliseconds the clocks of a time zone are ahead of UTC at a time.
fn ahead(zone: String, time: f64) -> Option<f64> {
    let offset = TimeZone::get(&zone).ok()?.to_offset(moment(time));
    Some(f64::from(offset.seconds()) * 1000.0)
}

/// Whether the clocks of a time zone are those of summer at a time.
fn is_summer(zone: String, time: f64) -> bool {
    TimeZone::get(&zone).is_ok_and(|zone| zone.to_offset_info(moment(time)).dst().is_dst())
}

/// The time at which the clocks of a time zone show what those of UTC show at `time`. What they never show counts as by the clocks
/// before, and what they show twice means the first time, as in the standard.
#[expect(clippy::cast_precision_loss, reason = "the milliseconds of the calendar fit a double")]
fn from_local(zone: String, time: f64) -> Option<f64> {
    let shown = TimeZone::UTC.to_datetime(moment(time));
    let meant = TimeZone::get(&zone).ok()?.to_ambiguous_timestamp(shown).compatible().ok()?;
    Some(time + (meant.as_millisecond() - moment(time).as_millisecond()) as f64)
}

/// The time that a text means in a time zone.
fn parse_date(text: String, zone: String) -> f64 {
    match date::parse(&text) {
        Some(Parsed { time, is_local: true }) if zone != "UTC" => from_local(zone, time).unwrap_or(f64::NAN),
        Some(Parsed { time, .. }) => time,
        None => f64::NAN,
    }
}

/// An address as text, if the input is one.
fn parse(input: String, base: Option<String>) -> Option<String> {
    let base = match base {
        Some(base) => Some(Url::parse(&base).ok()?),
        None => None,
    };
    Url::options().base_url(base.as_ref()).parse(&input).ok().map(String::from)
}

/// A part of an address.
fn part(href: String, name: String) -> Option<String> {
    let url = Url::parse(&href).ok()?;
    Some(match name.as_str() {
        "origin" => quirks::origin(&url),
        "protocol" => quirks::protocol(&url).to_owned(),
        "username" => quirks::username(&url).to_owned(),
        "password" => quirks::password(&url).to_owned(),
        "host" => quirks::host(&url).to_owned(),
        "hostname" => quirks::hostname(&url).to_owned(),
        "port" => quirks::port(&url).to_owned(),
        "pathname" => quirks::pathname(&url).to_owned(),
        "search" => quirks::search(&url).to_owned(),
        "hash" => quirks::hash(&url).to_owned(),
        _ => return None,
    })
}

/// An address with another part. A part that cannot be is passed over, as in every host.
fn with(href: String, name: String, value: String) -> Option<String> {
    let mut url = Url::parse(&href).ok()?;
    match name.as_str() {
        "search" => quirks::set_search(&mut url, &value),
        "hash" => quirks::set_hash(&mut url, &value),
        "protocol" => drop(quirks::set_protocol(&mut url, &value)),
        "username" => drop(quirks::set_username(&mut url, &value)),
        "password" => drop(quirks::set_password(&mut url, &value)),
        "host" => drop(quirks::set_host(&mut url, &value)),
        "hostname" => drop(quirks::set_hostname(&mut url, &value)),
        "port" => drop(quirks::set_port(&mut url, &value)),
        "pathname" => quirks::set_pathname(&mut url, &value),
        _ => return None,
    }
    Some(url.into())
}
