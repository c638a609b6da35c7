//! Clock, randomness and timers of the TypeScript engine.

use std::env;
use std::process::Command;

use parity_engine::Engine;
use parity_model::{Ambient, AmbientStreams, StepInput};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::step_input;
use crate::typescript_trees::{engine, result_of};

#[test]
fn timers_run_in_virtual_time_and_in_order() {
    let body =
        "const seen: unknown[] = []; const wait = (ms: number) => new Promise((done) => setTimeout(done, ms, ms));
        setTimeout(() => seen.push('late'), 3_600_000);
        const dropped = setTimeout(() => seen.push('dropped'), 1); clearTimeout(dropped);
        queueMicrotask(() => seen.push('soon'));
        seen.push(await wait(2000), await wait(1000), Date.now(), performance.now());
        await Promise.all([wait(20).then(() => seen.push('b')), wait(10).then(() => seen.push('a'))]);
        return this.success({ seen });";
    assert_eq!(result_of(body)["seen"], json!(["soon", 2000, 1000, 1_768_469_400_000_i64, 0, "a", "b"]));
}

#[test]
fn clock_and_randomness_are_those_of_the_oracle() {
    let body = "
        const uuid = crypto.randomUUID(); const random = Math.random();
        const bytes = [...crypto.getRandomValues(new Uint8Array(5))];
        await null; await new Promise((done) => setTimeout(done, 1));
        const words = crypto.getRandomValues(new Uint32Array([7, 0, 7]).subarray(1, 2));
        return this.success({ uuid, random, bytes, word: words[0], later: [Math.random(), crypto.randomUUID()],
            now: new Date().toISOString(), time: Date.now() });";
    let mut engine = engine(body);
    for (entropy, now) in
        [(0, "2026-01-15T09:30:00.000Z"), (u64::MAX, "1969-12-31T23:59:59.999Z"), (7, "2026-03-29T01:30:00.123Z")]
    {
        let ambient = Ambient { entropy, now: now.parse().unwrap(), ..Ambient::default() };
        let mut streams = AmbientStreams::new(&ambient);
        let uuid = streams.uuid4();
        let mut bytes = [0; 9];
        streams.fill_bytes(&mut bytes);
        let word = u32::from_le_bytes(bytes[5..].try_into().unwrap());
        let expected = json!({"uuid": uuid, "random": streams.float(), "bytes": bytes[..5], "word": word,
            "later": [streams.float(), streams.uuid4()], "now": now, "time": ambient.now.as_millisecond()});
        let step_input = StepInput { ambient, ..step_input("test/subject", &Value::Null) };
        for _ in 0..2 {
            let observed = serde_json::to_value(engine.run(&step_input).unwrap()).unwrap();
            assert_eq!(observed["result"], expected);
        }
    }
}

#[rstest]
#[case("Date()", json!("Thu Jan 15 2026 09:30:00 GMT+0000 (Coordinated Universal Time)"))]
#[case("new Date(0).toISOString()", json!("1970-01-01T00:00:00.000Z"))]
#[case("new Date(2026, 1, 3, 4, 5).toISOString()", json!("2026-02-03T04:05:00.000Z"))]
#[case("new Date('2026-07-01T12:00:00').toJSON()", json!("2026-07-01T12:00:00.000Z"))]
#[case("new Date('2026-07-01T12:00:00+02:00').getHours()", json!(10))]
#[case("Date.UTC(2026, 0)", json!(1_767_225_600_000_i64))]
#[case("Date.parse('2026-01-01')", json!(1_767_225_600_000_i64))]
#[case("[new Date() instanceof Date, new Date().constructor === Date, Date.name, Date.length]", json!([true, true, "Date", 7]))]
#[case("[new Date('x').toString(), String(new Date('x').getTimezoneOffset())]", json!(["Invalid Date", "NaN"]))]
#[case("new Date().getTimezoneOffset()", json!(0))]
#[case("new Date(new Date()).getTime() - Date.now()", json!(0))]
#[case("new (class Day extends Date { noon() { return this.getHours() < 12; } })().noon()", json!(true))]
#[case("(() => { const d = new Date(0); d.setHours(5, 6); d.setDate(2); return d.toISOString(); })()", json!("1970-01-02T05:06:00.000Z"))]
fn a_date_is_an_ordinary_date_in_utc(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(result_of(&format!("return this.success({{ x: {expression} }});"))["x"], expected);
}

#[test]
fn the_zone_of_the_process_does_not_matter() {
    let output = Command::new(env::current_exe().unwrap())
        .env("TZ", "EST5EDT,M3.2.0,M11.1.0")
        .arg("typescript_ambient_test::a_date_is_an_ordinary_date_in_utc")
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && report.contains("a_date_is_an_ordinary_date_in_utc::case_01"), "{report}");
}
