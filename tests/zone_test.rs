//! What belongs to a call or a file, and to no engine: local times are those of the call's zone, and files draw from streams of their own.

use std::path::Path;
use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_python::{PythonEngine, python_process};
use parity_engine_typescript::{NodeEngine, TypeScriptEngine};
use parity_model::{Ambient, AmbientStreams, StepInput};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::python_trees;
use crate::support::{step_input, tree};
use crate::typescript_trees;

const ZONES: [&str; 6] =
    ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/Berlin", "America/St_Johns"];

/// Around changes of summer time, in winter, in summer, before 1970, and at the edges of days and years.
const TIMES: [&str; 9] = [
    "2026-01-15T09:30:00Z",
    "2026-03-08T06:59:59Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T05:30:00Z",
    "2026-11-01T06:30:00Z",
    "2024-02-29T23:59:59Z",
    "1999-12-31T18:30:00Z",
    "2026-04-04T14:30:00Z",
    "1965-07-01T00:00:00Z",
];

const TYPESCRIPT: &str = "
    const parts = (d: Date) => [d.getFullYear(), d.getMonth() + 1, d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()];
    const pad = (n: number) => String(n).padStart(2, '0');
    const now = new Date();
    const times = context.getInput('value').map((time: number) => {
      const date = new Date(time);
      const [y, mo, d, h, mi, s] = parts(date);
      const text = `${y}-${pad(mo)}-${pad(d)}T${pad(h)}:${pad(mi)}:${pad(s)}`;
      const back = [new Date(y, mo - 1, d, h, mi, s), new Date(text)].map((moment) => moment.getTime() / 1000);
      return [...parts(date), 0 - date.getTimezoneOffset() * 60, ...back];
    });
    return this.success({ times, now: parts(now) });";

const PYTHON: &str = "\
import time
from datetime import datetime, timezone
def parts(d):
    return [d.year, d.month, d.day, d.hour, d.minute, d.second]
# Reading a date makes the library ask for the zone.
datetime.strptime('2026-01-15', '%Y-%m-%d')
times = []
for milliseconds in context.get_input('value'):
    date = datetime.fromtimestamp(milliseconds // 1000)
    aware = datetime.fromtimestamp(milliseconds // 1000, timezone.utc).astimezone()
    assert parts(aware) == parts(date) == list(time.localtime(milliseconds // 1000)[:6])
    offset = int(aware.utcoffset().total_seconds())
    back = [int(date.replace(fold=0).timestamp()), int(time.mktime((*parts(date), 0, 0, -1)))]
    times.append([*parts(date), offset, back[0], back[0]])
return StepHandlerResult.success({'times': times, 'now': parts(datetime.now())})";

/// What the clocks of a zone show, how far they are ahead, and the first time at which they show it.
fn shown(zone: &TimeZone, time: Timestamp) -> Vec<i64> {
    let local = zone.to_datetime(time);
    let first = zone.to_ambiguous_timestamp(local).compatible().unwrap().as_second();
    let parts = [local.year().into(), local.month().into(), local.day().into()];
    let clock = [local.hour().into(), local.minute().into(), local.second().into()];
    [&parts[..], &clock, &[zone.to_offset(time).seconds().into(), first, first]].concat()
}

fn check(mut engine: Box<dyn Engine>) {
    let times: Vec<Timestamp> = TIMES.iter().map(|time| time.parse().unwrap()).collect();
    let milliseconds: Vec<i64> = times.iter().map(|time| time.as_millisecond()).collect();
    let input = step_input("test/subject", &json!(milliseconds));
    // Each zone twice, so that each comes after another one and after itself.
    for zone in ZONES.iter().chain(&ZONES).flat_map(|zone| [zone, zone]) {
        let ambient = Ambient { zone: zone.parse().unwrap(), now: times[5], ..Ambient::default() };
        let rules = ambient.zone.rules().clone();
        let observed = json!(engine.run(&StepInput { ambient, ..input.clone() }).unwrap());
        let expected: Vec<Vec<i64>> = times.iter().map(|time| shown(&rules, *time)).collect();
        assert_eq!(observed["result"], json!({"times": expected, "now": shown(&rules, times[5])[..6]}), "{zone}");
    }
}

const LIMIT: Duration = Duration::from_secs(10);

fn quickjs(file: &Path) -> Box<dyn Engine> {
    Box::new(TypeScriptEngine::load(file).unwrap())
}

fn node(file: &Path) -> Box<dyn Engine> {
    Box::new(NodeEngine::load(file, &Naming::identities(), &[], &Surroundings::default(), LIMIT).unwrap())
}

fn embedded(file: &Path) -> Box<dyn Engine> {
    Box::new(PythonEngine::load(file).unwrap())
}

fn process(file: &Path) -> Box<dyn Engine> {
    let program = ("python-process", Path::new("python3"));
    Box::new(
        python_process(program, file, &Naming::identities(), &Allowed::default(), &Surroundings::default(), LIMIT)
            .unwrap(),
    )
}

#[rstest]
#[case::quickjs(quickjs)]
#[ignore = "needs Node"]
#[case::node(node)]
fn typescript_tells_local_times_in_the_zone_of_the_call(#[case] start: fn(&Path) -> Box<dyn Engine>) {
    let tree = tree(&[("subject_handler.ts", &typescript_trees::handler("test/subject", TYPESCRIPT))]);
    check(start(tree.path()));
}

#[rstest]
#[case::embedded(embedded)]
#[case::process(process)]
fn python_tells_local_times_in_the_zone_of_the_call(#[case] start: fn(&Path) -> Box<dyn Engine>) {
    let tree = tree(&[("subject_handler.py", &python_trees::handler("test/subject", PYTHON))]);
    check(start(tree.path()));
}

const DRAWN_IN_TYPESCRIPT: &str = "import { type StepContext, StepHandler } from '@tasker-systems/tasker';\n\
    const drawn = [crypto.randomUUID(), Math.random()];\n\
    export class Subject extends StepHandler {\n  static handlerName = 'test/NAME';\n  \
    async call(_: StepContext) { return this.success({ drawn }); }\n}\n";
const DRAWN_IN_PYTHON: &str = "import random\nimport uuid\nfrom tasker_core import StepHandler, StepHandlerResult\n\
    drawn = [str(uuid.uuid4()), random.random()]\n\
    class Subject(StepHandler):\n    handler_name = 'test/NAME'\n    def call(self, context):\n        \
    return StepHandlerResult.success({'drawn': drawn})\n";

/// What a file draws while it is loaded is what the file of every other language draws, whichever is called first.
#[rstest]
#[case::quickjs(quickjs, "ts", DRAWN_IN_TYPESCRIPT)]
#[case::embedded(embedded, "py", DRAWN_IN_PYTHON)]
#[case::process(process, "py", DRAWN_IN_PYTHON)]
#[ignore = "needs Node"]
#[case::node(node, "ts", DRAWN_IN_TYPESCRIPT)]
fn what_a_file_draws_while_it_is_loaded_does_not_depend_on_others(
    #[case] start: fn(&Path) -> Box<dyn Engine>,
    #[case] ending: &str,
    #[case] source: &str,
) {
    let names = ["one", "three", "two"];
    let files = names.map(|name| (format!("{name}_handler.{ending}"), source.replace("NAME", name)));
    let tree = tree(&files.each_ref().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut streams = AmbientStreams::new(&Ambient::default());
    let drawn = json!([streams.uuid4(), streams.float()]);
    for first in names {
        let mut engine = start(tree.path());
        for name in [first].iter().chain(&names) {
            let observed = json!(engine.run(&step_input(&format!("test/{name}"), &Value::Null)).unwrap());
            assert_eq!(observed["result"]["drawn"], drawn, "{name} after {first}");
        }
    }
}

const TEXTS: &str = "
    const [time] = context.getInput('value');
    const date = new Date(time);
    const moved = new Date(time);
    moved.setHours(2, 30); moved.setDate(moved.getDate() + 1); moved.setMonth(2);
    const texts = [String(date), date.toDateString(), date.toTimeString(), date.toLocaleString('en-US'), date.toLocaleDateString('de-DE'),
      `${moved.getTime()}`, JSON.stringify(moved), `${new Date('3/8/2026 2:30').getTime()}`, `${new Date(NaN).getHours()}`];
    return this.success({ texts });";

#[test]
#[ignore = "needs Node"]
fn quickjs_writes_dates_as_node_does_in_the_zones_that_cases_are_in() {
    let tree = tree(&[("subject_handler.ts", &typescript_trees::handler("test/subject", TEXTS))]);
    let (mut ours, mut nodes) = (quickjs(tree.path()), node(tree.path()));
    for (zone, time) in ZONES[..4].iter().flat_map(|zone| TIMES.map(|time| (zone, time))) {
        let time: Timestamp = time.parse().unwrap();
        let ambient = Ambient { zone: zone.parse().unwrap(), ..Ambient::default() };
        let input = StepInput { ambient, ..step_input("test/subject", &json!([time.as_millisecond()])) };
        let [ours, nodes] = [&mut ours, &mut nodes].map(|engine| json!(engine.run(&input).unwrap()));
        assert_eq!(ours, nodes, "{zone} {time}");
        assert_ne!(ours["result"]["texts"], Value::Null);
    }
}

#[rstest]
#[case::embedded(embedded)]
#[case::process(process)]
fn a_handler_that_moves_to_another_zone_does_not_take_later_calls_with_it(#[case] start: fn(&Path) -> Box<dyn Engine>) {
    let body = "\
import os, time
if context.get_input('value'):
    os.environ['TZ'] = 'Asia/Tokyo'
    time.tzset()
return StepHandlerResult.success({'hour': time.localtime(0).tm_hour})";
    let tree = tree(&[("subject_handler.py", &python_trees::handler("test/subject", body))]);
    let mut engine = start(tree.path());
    let mut answer = |moves: bool, zone: &str| {
        let ambient = Ambient { zone: zone.parse().unwrap(), ..Ambient::default() };
        let input = StepInput { ambient, ..step_input("test/subject", &json!(moves)) };
        json!(engine.run(&input).unwrap())
    };
    for zone in ["America/New_York", "UTC"] {
        let before = answer(false, zone);
        assert_eq!(answer(true, zone)["status"], "left_behind");
        assert_eq!(answer(false, zone), before);
    }
    assert_eq!(answer(false, "Asia/Kolkata")["result"], json!({"hour": 5}));
}
