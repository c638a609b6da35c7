//! The document that goes into a handler: the same for the oracle and for every subject.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

/// A handler's identity, `namespace/step`, e.g. `ecommerce/validate_cart`.
///
/// A bare step name is never an identity: two namespaces may use the same one. Where a template has another method than `call` called,
/// that is part of the identity, `payments/card#refund`: two methods of a class are two handlers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandlerId(String);

impl HandlerId {
    /// The whole identity, `namespace/step`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    /// The step name, the part after the slash.
    #[must_use]
    pub fn step(&self) -> &str {
        self.0.split_once('/').map_or(self.0.as_str(), |(_, step)| step)
    }

    /// The identity without its method: that of the class.
    #[must_use]
    pub fn class(&self) -> Self {
        Self(self.class_name().to_owned())
    }

    /// The same as a text.
    #[must_use]
    pub fn class_name(&self) -> &str {
        self.0.split_once(METHOD).map_or(self.0.as_str(), |(class, _)| class)
    }

    /// The method that is called, if it is another one than `call`.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.0.split_once(METHOD).map(|(_, method)| method)
    }

    /// The handler that is a method of this one's class.
    #[must_use]
    pub fn with_method(&self, method: &str) -> Self {
        Self(format!("{}{METHOD}{method}", self.class_name()))
    }
}

/// Stands between the class and its method.
const METHOD: char = '#';

impl fmt::Display for HandlerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HandlerId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((namespace, step)) if !namespace.is_empty() && !step.is_empty() && !step.contains('/') => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(format!("{text:?} is not a handler identity of the form namespace/step")),
        }
    }
}

impl Serialize for HandlerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HandlerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What a handler may learn of the world during a call: the time and where it is, the source of every random draw, and who it is.
///
/// JSON: `{"now": "2026-01-15T09:30:00.000Z", "entropy": "<u64 as 16 hex digits>", "task_uuid": "…", "step_uuid": "…"}`, and
/// `"zone": "Asia/Kolkata"` unless it is UTC.
/// A member that is left out has the value of [`Ambient::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ambient {
    /// What every clock read answers, within the years 2 to 9998, so that no language's calendar ends within a few days of
    /// it. Milliseconds are the finest unit that all languages share.
    #[serde(with = "now_text")]
    pub now: Timestamp,
    /// Where the process that runs the handler is: what local times are local to.
    #[serde(skip_serializing_if = "Zone::is_utc")]
    pub zone: Zone,
    /// Seeds the two streams of [`crate::AmbientStreams`].
    #[serde(with = "entropy_text")]
    pub entropy: u64,
    /// Identity of the task, as the engine would hand it over.
    pub task_uuid: String,
    /// Identity of the step, as the engine would hand it over.
    pub step_uuid: String,
}

impl Default for Ambient {
    fn default() -> Self {
        Self {
            now: Timestamp::constant(1_768_469_400, 0),
            zone: Zone::default(),
            entropy: 0,
            task_uuid: "00000000-0000-4000-8000-000000000001".to_owned(),
            step_uuid: "00000000-0000-4000-8000-000000000002".to_owned(),
        }
    }
}

/// A time zone.
///
/// JSON: its name in the IANA time zone database, e.g. `"Asia/Kolkata"`. The default is UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl Zone {
    /// Whether it is UTC, as of every process that was not told otherwise.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        *self == Self::default()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What it means.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.0
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let unknown = |_| format!("zone: {name:?} is no time zone of the IANA database, such as \"Asia/Kolkata\"");
        TimeZone::get(name).map(Self).map_err(unknown)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

/// Everything one call of one handler depends on.
///
/// JSON: `{"handler", "context", "dependencies", "step_config", "attempt", "max_attempts", "ambient"}`, and `step_inputs` and
/// `checkpoint` where there are any; only `handler` and `context` are required, and an unknown member is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// Which handler is called.
    pub handler: HandlerId,
    /// The task's input.
    pub context: Map<String, Value>,
    /// The results of all ancestor steps by step name, not only of the direct parents.
    #[serde(default)]
    pub dependencies: Map<String, Value>,
    /// The handler's own configuration.
    #[serde(default)]
    pub step_config: Map<String, Value>,
    /// What the step is given that was made for it while the workflow ran: a worker's batch.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub step_inputs: Map<String, Value>,
    /// Where an earlier call of the step stopped to be called again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Map<String, Value>>,
    /// Number of this attempt, counted from 1.
    #[serde(default = "default_attempt")]
    pub attempt: u32,
    /// How many attempts the template grants.
    #[serde(default = "default_max_attempts")]
    pub max_attempts: u32,
    /// Clock and randomness of the call.
    #[serde(default)]
    pub ambient: Ambient,
}

fn default_attempt() -> u32 {
    1
}

fn default_max_attempts() -> u32 {
    2
}

impl StepInput {
    /// An input with the default ambient, first attempt of two, no configuration.
    #[must_use]
    pub fn new(handler: HandlerId, context: Map<String, Value>, dependencies: Map<String, Value>) -> Self {
        Self {
            handler,
            context,
            dependencies,
            step_config: Map::new(),
            step_inputs: Map::new(),
            checkpoint: None,
            attempt: default_attempt(),
            max_attempts: default_max_attempts(),
            ambient: Ambient::default(),
        }
    }
}

mod now_text {
    use super::{Deserialize, Deserializer, Serializer, Timestamp, de};

    pub(super) fn serialize<S: Serializer>(now: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{now:.3}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        let now: Timestamp =
            text.parse().map_err(|_| de::Error::custom(format_args!("now: {text:?} is not an RFC 3339 timestamp")))?;
        if now.subsec_nanosecond() % 1_000_000 != 0
            || !(2..=9998).contains(&now.to_zoned(jiff::tz::TimeZone::UTC).year())
        {
            return Err(de::Error::custom(format_args!(
                "now: {text:?} must be within the years 2 to 9998 and in whole milliseconds"
            )));
        }
        Ok(now)
    }
}

mod entropy_text {
    use super::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn serialize<S: Serializer>(entropy: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{entropy:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() != 16 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(de::Error::custom(format_args!("entropy: {text:?} must be 16 hex digits")));
        }
        u64::from_str_radix(&text, 16).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_method_is_part_of_the_identity() {
        let class: HandlerId = "payments/card".parse().unwrap();
        let refund = class.with_method("refund");
        assert_eq!((refund.as_str(), refund.method()), ("payments/card#refund", Some("refund")));
        assert_eq!((refund.class(), class.class(), class.method()), (class.clone(), class.clone(), None));
        assert_eq!(refund.as_str().parse(), Ok(refund));
    }

    #[test]
    fn a_zone_is_told_by_its_name_and_utc_is_not_told() {
        let ambient: Ambient = serde_json::from_value(json!({"zone": "Asia/Kolkata"})).unwrap();
        assert_eq!((ambient.zone.name(), ambient.zone.is_utc()), ("Asia/Kolkata", false));
        assert_eq!(serde_json::to_value(&ambient).unwrap()["zone"], "Asia/Kolkata");
        let utc: Ambient = serde_json::from_value(json!({"zone": "UTC"})).unwrap();
        assert_eq!(utc, Ambient::default());
        assert_eq!(serde_json::to_value(utc).unwrap().get("zone"), None);
        let error = serde_json::from_value::<Ambient>(json!({"zone": "Mars"})).unwrap_err().to_string();
        assert!(error.contains(r#"zone: "Mars" is no time zone"#), "{error}");
    }
}
