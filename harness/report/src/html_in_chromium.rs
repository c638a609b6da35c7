//! The page in a real browser, which is driven over a pipe by the protocol of its developer tools.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::samples;

/// Requests come in on one descriptor and replies go out on another, each behind a zero byte.
const BROWSER: &str = "exec chromium --headless --no-sandbox --disable-gpu --user-data-dir=\"$0\" --remote-debugging-pipe \
    3<&0 4>&1 </dev/null >/dev/null 2>&1";

struct Browser {
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
    last: u64,
    session: Option<Value>,
}

impl Browser {
    fn start(profile: &Path) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", BROWSER]).arg(profile).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (requests, replies) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut browser = Self { child, requests, replies, last: 0, session: None };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = Some(attached["sessionId"].clone());
        browser.call("Page.enable", &json!({}));
        browser
    }

    fn message(&mut self) -> Value {
        let mut message = Vec::new();
        self.replies.read_until(0, &mut message).unwrap();
        message.pop();
        serde_json::from_slice(&message).unwrap()
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut request = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            request["sessionId"] = session.clone();
        }
        write!(self.requests, "{request}\0").unwrap();
        loop {
            let mut message = self.message();
            if message["id"] == json!(self.last) {
                assert!(message["error"].is_null(), "{message}");
                return message["result"].take();
            }
        }
    }

    fn open(&mut self, file: &Path) {
        self.call("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        while self.eval("document.readyState") != json!("complete") {}
    }

    fn eval(&mut self, expression: &str) -> Value {
        self.call("Runtime.evaluate", &json!({"expression": expression, "returnByValue": true}))["result"]["value"]
            .take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn opened(handlers: usize, text: &str) -> (tempfile::TempDir, Browser) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("report.html");
    std::fs::write(&file, samples::report(handlers, text).to_html(&|_| Some(format!("\n\n{text}\n"))).unwrap())
        .unwrap();
    let mut browser = Browser::start(&dir.path().join("profile"));
    browser.open(&file);
    (dir, browser)
}

#[test]
#[ignore = "needs Chromium"]
fn chromium_loads_a_thousand_divergences_in_two_seconds_and_filters_them() {
    let (_dir, mut browser) = opened(1000, "dear");
    let milliseconds =
        browser.eval("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd").as_f64().unwrap();
    assert!(milliseconds < 2000.0, "{milliseconds} ms");
    assert_eq!(browser.eval("shown.textContent"), json!("1000 divergences"));
    browser.eval("search.value = 'QUOTE_77 value'; search.dispatchEvent(new Event('input'))");
    assert_eq!(browser.eval("shown.textContent"), json!("11 of 1000 divergences"));
    browser.eval("search.value = ''; engine.value = 'typescript'; engine.dispatchEvent(new Event('input'))");
    assert_eq!(browser.eval("shown.textContent"), json!("0 of 1000 divergences"));
    assert_eq!(browser.eval("document.querySelectorAll('.group:not([hidden])').length"), json!(0));
    browser.eval("engine.value = ''; handler.value = 'shop/quote_5'; handler.dispatchEvent(new Event('input'))");
    browser.eval("dispatch = (key) => document.dispatchEvent(new KeyboardEvent('keydown', {key})); dispatch('j')");
    assert_eq!(browser.eval("document.activeElement.querySelector('.name').textContent"), json!("shop/quote_5"));
    browser.eval("document.activeElement.click()");
    assert_eq!(browser.eval("document.querySelector('details[open] mark').textContent"), json!("\"dear\""));
}

#[test]
#[ignore = "needs Chromium"]
fn chromium_runs_no_script_of_a_page_of_hostile_texts() {
    let hostile = "</pre></script><script>hit = 1</script><img src=x onerror='hit = 1'><svg onload=hit=1>\"'>";
    let (_dir, mut browser) = opened(20, hostile);
    assert_eq!(browser.eval("typeof hit"), json!("undefined"));
    assert_eq!(browser.eval("document.querySelectorAll('script').length"), json!(1));
    assert_eq!(browser.eval("document.querySelectorAll('img, svg').length"), json!(0));
    assert_eq!(browser.eval("shown.textContent"), json!("20 divergences"));
    // Not even what the page itself would add may run.
    browser.eval("body = document.body; body.insertAdjacentHTML('beforeend', '<b onclick=\"hit = 1\">x</b>'); body.lastChild.click()");
    assert_eq!(browser.eval("typeof hit"), json!("undefined"));
}
