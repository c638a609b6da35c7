//! Clock and randomness of the Python engine are those of the oracle, through every ordinary door.

use std::env;
use std::process::Command;

use parity_engine::Engine;
use parity_model::{Ambient, AmbientStreams, StepInput};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::python_trees::{engine, result_of};
use crate::support::step_input;

#[test]
fn bytes_and_floats_are_the_oracles() {
    let body = "import os, random, secrets, uuid\n\
                a = str(uuid.uuid4())\n\
                b = random.random()\n\
                c = secrets.token_hex(5)\n\
                d = random.randint(1000, 9999)\n\
                e = os.urandom(3).hex()\n\
                f = random.choice(['x', 'y', 'z'])\n\
                g = secrets.token_bytes(2).hex()\n\
                h = os.getrandom(3, flags=0).hex() + os.getrandom(2, 0).hex()\n\
                return self.success(dict(a=a, b=b, c=c, d=d, e=e, f=f, g=g, h=h))";
    let mut engine = engine(body);
    for entropy in [0, 7, u64::MAX] {
        let ambient = Ambient { entropy, ..Ambient::default() };
        let mut streams = AmbientStreams::new(&ambient);
        let expected = json!({
            "a": streams.uuid4(), "b": streams.float(), "c": streams.hex(5), "d": streams.integer(1000, 9999),
            "e": streams.hex(3), "f": (["x", "y", "z"][streams.integer(0, 2) as usize]), "g": streams.hex(2),
            "h": streams.hex(3) + &streams.hex(2),
        });
        let step_input = StepInput { ambient, ..step_input("test/subject", &Value::Null) };
        for _ in 0..2 {
            let observed = serde_json::to_value(engine.run(&step_input).unwrap()).unwrap();
            assert_eq!(observed["result"], expected);
        }
    }
}

#[rstest]
#[case("datetime.now(timezone.utc).isoformat()", json!("2026-01-15T09:30:00+00:00"))]
#[case("datetime.now().isoformat()", json!("2026-01-15T09:30:00"))]
#[case("datetime.now(timezone(timedelta(hours=2))).isoformat()", json!("2026-01-15T11:30:00+02:00"))]
#[case("datetime.utcnow().isoformat()", json!("2026-01-15T09:30:00"))]
#[case("datetime.today().isoformat()", json!("2026-01-15T09:30:00"))]
#[case("date.today().isoformat()", json!("2026-01-15"))]
#[case("[type(datetime.now()) is datetime, type(date.today()) is date]", json!([true, true]))]
#[case("type('Mine', (datetime,), {}).now(timezone.utc).__class__.__name__", json!("Mine"))]
#[case("time.time()", json!(1_768_469_400.0))]
#[case("time.time_ns()", json!(1_768_469_400_000_000_000_i64))]
#[case("time.strftime('%Y-%m-%d %H:%M:%S')", json!("2026-01-15 09:30:00"))]
#[case("[time.gmtime().tm_year, time.localtime().tm_hour]", json!([2026, 9]))]
#[case("time.clock_gettime(time.CLOCK_REALTIME)", json!(1_768_469_400.0))]
#[case("[time.monotonic(), time.perf_counter(), time.sleep(3600)]", json!([0.0, 0.0, null]))]
#[case("datetime.fromtimestamp(0).isoformat()", json!("1970-01-01T00:00:00"))]
#[case("datetime(2020, 1, 1, tzinfo=timezone.utc).timestamp()", json!(1_577_836_800.0))]
#[case("__import__('random').Random(42).randint(0, 10**6)", json!(670_487))]
#[case("[r.seed(42), r.randint(0, 10**6), r.seed()][1] if (r := __import__('random')) else 0", json!(670_487))]
#[case("list(__import__('os').times())", json!([0.0, 0.0, 0.0, 0.0, 0.0]))]
#[case("__import__('resource').getrusage(0).ru_utime", json!(0.0))]
#[case("str(__import__('uuid').uuid1(clock_seq=1))", json!("c3561c00-f1f4-11f0-8001-010000000000"))]
fn the_clock_stands_still(#[case] expression: &str, #[case] expected: Value) {
    let imports = "import time\nfrom datetime import date, datetime, timedelta, timezone";
    assert_eq!(result_of(&format!("{imports}\nreturn self.success({{'x': {expression}}})"))["x"], expected);
}

#[rstest]
#[case("random.Random().random()")]
#[case("random.SystemRandom().random()")]
#[case("random.gauss()")]
#[case("str(uuid.uuid1())")]
#[case("random.getrandbits(40)")]
#[case("random.sample(range(100), 5)")]
#[case("secrets.randbelow(1000)")]
#[case("secrets.token_urlsafe()")]
#[case("str(uuid.uuid4())")]
fn no_door_leads_to_real_randomness(#[case] expression: &str) {
    let mut engine = engine(&format!("import random, secrets, uuid\nreturn self.success({{'x': {expression}}})"));
    let mut draw = |entropy: u64| {
        let ambient = Ambient { entropy, ..Ambient::default() };
        let step_input = StepInput { ambient, ..step_input("test/subject", &Value::Null) };
        serde_json::to_value(engine.run(&step_input).unwrap()).unwrap()["result"]["x"].clone()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn the_zone_of_the_process_does_not_matter() {
    let output = Command::new(env::current_exe().unwrap())
        .env("TZ", "EST5EDT,M3.2.0,M11.1.0")
        .arg("python_ambient_test::the_clock_stands_still")
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && report.contains("the_clock_stands_still::case_01"), "{report}");
}

#[test]
fn milliseconds_are_kept_in_every_year() {
    let body =
        "from datetime import datetime, timezone\nreturn self.success({'x': datetime.now(timezone.utc).isoformat()})";
    let mut engine = engine(body);
    for (now, expected) in [
        ("0002-01-01T00:00:00.001Z", "0002-01-01T00:00:00.001000+00:00"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999000+00:00"),
        ("9998-12-31T23:59:59.123Z", "9998-12-31T23:59:59.123000+00:00"),
    ] {
        let ambient = Ambient { now: now.parse().unwrap(), ..Ambient::default() };
        let step_input = StepInput { ambient, ..step_input("test/subject", &Value::Null) };
        let observed = serde_json::to_value(engine.run(&step_input).unwrap()).unwrap();
        assert_eq!(observed["result"]["x"], json!(expected));
    }
}
