//! What handlers find around them in the embedded engine: the modules of Node and the globals of a JavaScript host. The same
//! expressions are held against Node itself where there is one.

use std::time::Duration;

use parity_engine::Engine;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_typescript::NodeEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::AmbientStreams;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{step_input, tree};

/// A handler that answers with the values of expressions, or what they throw.
fn source(imports: &str, expressions: &[&str]) -> String {
    let parts: Vec<String> =
        expressions.iter().map(|expression| format!("await attempt(async () => ({expression}))")).collect();
    format!(
        "import {{ StepHandler }} from '@tasker-systems/tasker';\n{imports}\nasync function attempt(value: () => unknown) {{\n  try {{ \
         return await value(); }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}\n}}\nexport class Subject extends \
         StepHandler {{\n  static handlerName = 'test/subject';\n  async call() {{ return this.success({{ values: [\n{}\n] }}); \
         }}\n}}\n",
        parts.join(",\n")
    )
}

fn values(engine: &mut dyn Engine) -> Value {
    let observed = json!(engine.run(&step_input("test/subject", &Value::Null)).unwrap());
    assert_eq!(observed["status"], json!("completed"), "{observed}");
    observed["result"]["values"].clone()
}

const IMPORTS: &str = "
import crypto, { createHash, createHmac, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import * as everything from 'crypto';
import { performance as clock } from 'node:perf_hooks';
import { Buffer as Bytes } from 'buffer';
import path from 'node:path';
import { EventEmitter } from 'events';
import util, { promisify, isDeepStrictEqual, format } from 'node:util';
import { setTimeout as later } from 'node:timers/promises';
import { URL as Address } from 'url';
import assert from 'node:assert';
import proc from 'node:process';
";

/// Expressions that are worth the same in every engine.
const EXPRESSIONS: &[&str] = &[
    "randomUUID()",
    "crypto.randomUUID() + everything.randomUUID() + globalThis.crypto.randomUUID()",
    "randomBytes(5).toString('hex')",
    "[randomInt(1, 7), crypto.randomInt(10), everything.default.randomInt(100)]",
    "Array.from(globalThis.crypto.getRandomValues(new Uint8Array(3)))",
    "crypto.getRandomValues(new Uint16Array(2)).join()",
    "Math.random()",
    "[clock.now(), performance.now(), Date.now(), new Date().toISOString()]",
    "await new Promise((done) => randomBytes(4, (_, bytes) => done(bytes.toString('base64'))))",
    "createHash('sha256').update('abc').digest('hex')",
    "createHash('sha1').update('a').update(Buffer.from('bc')).digest('base64')",
    "createHash('md5').update('ä', 'utf8').digest('base64url')",
    "createHash('sha512').update(new Uint8Array([1, 2, 3])).digest().length",
    "createHmac('sha256', 'key').update('text').digest('hex')",
    "crypto.createHmac('sha1', Buffer.alloc(200, 7)).update('').digest('hex')",
    "createHash('sha256').update('x').copy().update('y').digest('hex')",
    "timingSafeEqual(Buffer.from('a'), Buffer.from('a'))",
    "Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))).toString('hex')",
    "Buffer.from('héllo €😀').toString('base64')",
    "Buffer.from('aGk_-w==', 'base64').toString('latin1')",
    "Buffer.from('abcdefg', 'hex').toString('hex') + Buffer.from('zz', 'hex').length",
    "[Buffer.byteLength('€'), Bytes.concat([Buffer.from('a'), Buffer.from('b')]).toString(), Buffer.alloc(3, 'ab').toString()]",
    "JSON.stringify(Buffer.from([1, 2, 300]))",
    "[Buffer.from([255, 254]).toString(), Buffer.from('abc').subarray(1).toString(), Buffer.from('abc').slice(-1).toString('ascii')]",
    "(() => { const b = Buffer.alloc(8); b.writeUInt32BE(0xdeadbeef); b.writeInt16LE(-2, 4); return [b.toString('hex'), b.readInt32BE(0), b.readUInt8(4)]; })()",
    "[Buffer.isBuffer(Buffer.from('')), Buffer.isBuffer(new Uint8Array(1)), Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.from('a').equals(Buffer.from('a'))]",
    "[Buffer.from('hello').indexOf('l'), Buffer.from('hello').includes('lo')]",
    "[btoa('hi'), atob('aGk=')]",
    "Array.from(new TextEncoder().encode('é\\ud800'))",
    "new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xff]))",
    "(() => { try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])); } catch (error) { return error.name; } })()",
    "(() => { const u = new URL('/a/../b?x=1&y=ä#z', 'https://user:p%40ss@Example.com:8443/c'); return [u.href, u.origin, u.host, u.pathname, u.search, u.hash, u.username, u.password, u.port, u.protocol]; })()",
    "(() => { const u = new Address('http://a.example/'); u.searchParams.append('q', 'a b&c'); u.searchParams.set('n', 1); u.pathname = '/p q'; u.port = '81'; u.hash = 'h'; return String(u); })()",
    "(() => { const u = new URL('http://a.example/?a=1'); u.search = '?b=2&b=3'; return [u.searchParams.getAll('b'), u.searchParams.get('a'), u.toJSON()]; })()",
    "new URL('nonsense')",
    "[URL.canParse('x:y'), URL.canParse('nonsense'), new URL('http://münchen.example/').hostname]",
    "new URLSearchParams({ a: '1 2', b: 'ü&=+' }).toString()",
    "[...new URLSearchParams('?a=1&b=%zz&a=+&c')].join('|')",
    "(() => { const p = new URLSearchParams([['b', '2'], ['a', '1']]); p.sort(); p.delete('b'); return [p.toString(), p.size, p.has('a'), [...p.keys()].length]; })()",
    "(() => { const x = { a: [1, { b: new Date(5) }], m: new Map([[1, new Set([2])]]), u: undefined }; x.self = x; const y = structuredClone(x); return [y.self === y, y.a[1].b.getTime(), y.m.get(1).has(2), 'u' in y, y !== x]; })()",
    "structuredClone(() => 1)",
    "(() => { class P { x = 1; get y() { return 2; } } const c = structuredClone(new P()); return [c instanceof P, c.x, c.y === undefined, structuredClone(new TypeError('t')).message, structuredClone(new Uint8Array([1, 2])).length]; })()",
    "[path.join('/a', '../b', 'c.txt'), path.basename('/a/b.tar.gz', '.gz'), path.extname('x.tar.gz'), path.dirname('/a/b/'), path.resolve('a', 'b'), path.relative('/a/b', '/a/c'), path.normalize('a//b/..'), path.isAbsolute('a')]",
    "path.parse('/home/x.txt')",
    "(() => { const e = new EventEmitter(); const seen = []; e.on('a', (x) => seen.push(x)); e.once('a', (x) => seen.push(-x)); e.emit('a', 1); e.emit('a', 2); return [seen, e.emit('b'), e.listenerCount('a')]; })()",
    "await promisify((x, done) => done(null, x * 2))(21)",
    "[isDeepStrictEqual({ a: [1] }, { a: [1] }), isDeepStrictEqual({ a: 1 }, { a: '1' }), util.isDeepStrictEqual(new Set([1]), new Set([1]))]",
    "[format('%s is %d and %i%%', 'x', 1.5, 2.9), format('%j', { a: 1 }), format('a', 'b', 3), format('%s', null)]",
    "await later(3_600_000, 'soon')",
    "[proc.env.HOME === undefined, process.env.NODE_ENV ?? 'none', process.cwd(), process.uptime(), typeof process.version]",
    "process.stdout.write('nobody reads this')",
    "(() => { assert(true); assert.strictEqual(1, 1); assert.deepStrictEqual({ a: 1 }, { a: 1 }); assert.ok(0, 'it is zero'); })()",
    "await new Promise((done) => process.nextTick(done, 'tick'))",
];

fn bytes<const COUNT: usize>(streams: &mut AmbientStreams) -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    streams.fill_bytes(&mut bytes);
    bytes
}

#[test]
fn random_values_come_from_the_streams_by_every_door() {
    let tree = tree(&[("subject_handler.ts", &source(IMPORTS, &EXPRESSIONS[..7]))]);
    let observed = values(&mut TypeScriptEngine::load(tree.path()).unwrap());
    let mut streams = AmbientStreams::new(&step_input("test/subject", &Value::Null).ambient);
    let integers =
        |streams: &mut AmbientStreams| json!([streams.integer(1, 6), streams.integer(0, 9), streams.integer(0, 99)]);
    let expected = json!([
        streams.uuid4(),
        streams.uuid4() + &streams.uuid4() + &streams.uuid4(),
        streams.hex(5),
        integers(&mut streams),
        bytes::<3>(&mut streams),
        bytes::<4>(&mut streams)
            .as_chunks()
            .0
            .iter()
            .map(|pair| u16::from_le_bytes(*pair).to_string())
            .collect::<Vec<_>>()
            .join(","),
        streams.float(),
    ]);
    assert_eq!(observed, expected);
}

#[test]
fn well_known_values_are_what_they_are() {
    let tree = tree(&[("subject_handler.ts", &source(IMPORTS, EXPRESSIONS))]);
    let observed = values(&mut TypeScriptEngine::load(tree.path()).unwrap());
    let value =
        |expression: &str| &observed[EXPRESSIONS.iter().position(|known| known.starts_with(expression)).unwrap()];
    assert_eq!(
        value("createHash('sha256').update('abc')"),
        &json!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    );
    assert_eq!(value("await later"), &json!("soon"));
    assert_eq!(value("new URL('nonsense')"), &json!("TypeError: Invalid URL"));
    assert_eq!(value("(() => { assert(true)"), &json!("AssertionError: it is zero"));
    assert_eq!(value("structuredClone(() => 1)"), &json!("DataCloneError: () => 1 could not be cloned."));
}

#[rstest]
#[case("crypto.scryptSync('a', 'b', 1)", "crypto.scryptSync")]
#[case("crypto.hkdfSync", "crypto.hkdfSync")]
#[case("createHash('whirlpool')", "the digest whirlpool")]
#[case("util.inspect({})", "util.inspect")]
#[case("new TextDecoder('latin1')", "TextDecoder of latin1")]
#[case("Buffer.from('a').swap16()", "Buffer.prototype.swap16")]
#[case("typeof AbortController", "AbortController")]
#[case("(() => { try { new Intl.Segmenter(); } catch { return 'en'; } })()", "Intl.Segmenter")]
fn what_is_not_there_is_unsupported_whatever_the_handler_makes_of_it(#[case] expression: &str, #[case] what: &str) {
    let tree = tree(&[("subject_handler.ts", &source(IMPORTS, &[expression]))]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    let observed = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
    assert_eq!(json!(observed), json!({"status": "unsupported", "what": what}));
}

#[rstest]
#[case("new Set([1]).union", "undefined")]
#[case("Object.groupBy", "undefined")]
#[case("typeof Iterator", "undefined")]
#[case("[1].values().map", "undefined")]
#[case("Array.fromAsync", "undefined")]
#[case("global === globalThis", "true")]
fn what_node_20_does_not_have_is_not_there(#[case] expression: &str, #[case] shown: &str) {
    let tree = tree(&[("subject_handler.ts", &source(IMPORTS, &[&format!("String({expression})")]))]);
    assert_eq!(values(&mut TypeScriptEngine::load(tree.path()).unwrap()), json!([shown]));
}

#[test]
fn who_ends_the_process_is_told() {
    for body in ["process.exit(1)", "(() => { try { process.exit(); } catch {} })()"] {
        let tree = tree(&[("subject_handler.ts", &source("", &[body]))]);
        let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
        for _ in 0..2 {
            let observed = json!(engine.run(&step_input("test/subject", &Value::Null)).unwrap());
            assert_eq!(observed, json!({"status": "exited"}), "{body}");
        }
    }
}

#[test]
#[ignore = "needs Node"]
fn node_says_the_same() {
    let tree = tree(&[("subject_handler.ts", &source(IMPORTS, EXPRESSIONS))]);
    let observed = values(&mut TypeScriptEngine::load(tree.path()).unwrap());
    let limit = Duration::from_secs(10);
    let node = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), limit);
    let expected = values(&mut node.unwrap());
    for (number, expression) in EXPRESSIONS.iter().enumerate() {
        assert_eq!(observed[number], expected[number], "{expression}");
    }
}

#[test]
#[ignore = "needs Node"]
fn what_a_handler_does_to_built_in_objects_is_undone_in_node() {
    let shown = "[[1, 2].join(), Math.round(1.2), ({}).leaked, ' a '.trim(), globalThis.rate, process.env.MODE]";
    let change = "Array.prototype.join = () => 'spoilt'; Math.round = () => 7; Object.prototype.leaked = 1; delete \
                  String.prototype.trim; globalThis.rate = 5; process.env.MODE = 'test';";
    let handler = |name: &str, body: &str| {
        let class = source("", &[shown])
            .replace("test/subject", name)
            .replace("async call() {", &format!("async call() {{ {body}"));
        class.replace("process.env.MODE]", "process.env.MODE].map(String)")
    };
    let tree = tree(&[("a_handler.ts", &handler("test/a", change)), ("b_handler.ts", &handler("test/b", ""))]);
    let limit = Duration::from_secs(10);
    let mut node = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), limit).unwrap();
    for name in ["test/a", "test/b"] {
        let observed = json!(node.run(&step_input(name, &Value::Null)).unwrap());
        if name == "test/b" {
            assert_eq!(
                observed["result"]["values"][0],
                json!(["1,2", "1", "undefined", "a", "undefined", "undefined"])
            );
        }
    }
}

#[test]
#[ignore = "needs Node"]
fn packages_of_the_tree_are_found_in_both_engines() {
    let handler =
        source("import { shout } from 'shout';\nimport whisper from '@quiet/voice';", &["shout('a')", "whisper('B')"]);
    let tree = tree(&[
        ("deep/subject_handler.ts", &handler),
        ("node_modules/shout/package.json", r#"{"type": "module", "exports": "./index.js"}"#),
        ("node_modules/shout/index.js", "export const shout = (text) => text.toUpperCase();\n"),
        (
            "node_modules/@quiet/voice/package.json",
            r#"{"exports": {"import": "./voice.mjs", "require": "./voice.cjs"}}"#,
        ),
        ("node_modules/@quiet/voice/voice.mjs", "export default (text) => text.toLowerCase();\n"),
    ]);
    let limit = Duration::from_secs(10);
    let node = NodeEngine::load(tree.path(), &Naming::identities(), &[], &Surroundings::default(), limit);
    for engine in [&mut TypeScriptEngine::load(tree.path()).unwrap() as &mut dyn Engine, &mut node.unwrap()] {
        assert_eq!(values(engine), json!(["A", "b"]));
    }
}
