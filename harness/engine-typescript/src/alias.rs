//! What specifiers mean that lead to no file by themselves: as the command line says, and the tree's `tsconfig.json`.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use serde_json::Value;

/// `PATTERN=TARGET`, as in the `paths` of a `tsconfig.json`: at most one `*` in the pattern, whose text goes where the target
/// has one. A target that begins with a dot is a file of the tree, seen from its root; any other is a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pattern: String,
    target: String,
}

impl FromStr for Alias {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (pattern, target) = text.split_once('=').unwrap_or_default();
        let stars = |text: &str| text.matches('*').count();
        if pattern.is_empty() || target.is_empty() || stars(pattern) > 1 || stars(target) > stars(pattern) {
            return Err(format!(
                "{text:?} is no alias; write PATTERN=TARGET, e.g. '@app/*=./src/*' or './tasker.js=@tasker-systems/tasker'"
            ));
        }
        Ok(Self { pattern: pattern.to_owned(), target: target.to_owned() })
    }
}

impl Alias {
    /// The text that stands for the star, if the pattern fits the specifier.
    fn fit<'a>(&self, specifier: &'a str) -> Option<&'a str> {
        let Some((before, after)) = self.pattern.split_once('*') else {
            return (self.pattern == specifier).then_some("");
        };
        let rest = specifier.strip_prefix(before)?.strip_suffix(after)?;
        Some(rest)
    }

    /// How much of a specifier the pattern fixes: of several patterns the most exact one counts.
    fn exactness(&self) -> (bool, usize) {
        (!self.pattern.contains('*'), self.pattern.split('*').next().map_or(0, str::len))
    }
}

/// The aliases of a tree.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    named: Vec<Alias>,
    of_tree: Vec<Alias>,
    /// Where specifiers of files start that begin with no dot, if the tree's configuration says so.
    base: Option<String>,
}

impl Aliases {
    /// The aliases that were named, and those of the tree's own configuration.
    pub(super) fn new(root: &Path, named: &[Alias]) -> Self {
        let mut aliases = Self { named: named.to_vec(), ..Self::default() };
        let text = fs::read_to_string(root.join("tsconfig.json")).unwrap_or_default();
        // What cannot be read is none of ours to judge: the imports that needed it are named then.
        let config: Value = serde_json::from_str(&plain_json(&text)).unwrap_or_default();
        let options = &config["compilerOptions"];
        aliases.base = options["baseUrl"].as_str().map(below_root);
        let base = aliases.base.clone().unwrap_or_else(|| ".".to_owned());
        for (pattern, targets) in options["paths"].as_object().into_iter().flatten() {
            let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
            let targets = targets.map(|target| format!("{base}/{}", target.trim_start_matches("./")));
            aliases.of_tree.extend(targets.map(|target| Alias { pattern: pattern.clone(), target }));
        }
        aliases
    }

    /// What a specifier may mean by the aliases that were named.
    pub(super) fn named(&self, specifier: &str) -> Option<String> {
        meanings(&self.named, specifier).into_iter().next()
    }

    /// What a specifier may mean by the tree's configuration, in the order in which it is tried.
    pub(super) fn of_tree(&self, specifier: &str) -> Vec<String> {
        let mut meanings = meanings(&self.of_tree, specifier);
        meanings.extend(self.base.as_ref().map(|base| format!("{base}/{specifier}")));
        meanings
    }
}

/// What a specifier may mean by the `tsconfig.json` of a directory: paths below it, in the order in which they are tried.
#[must_use]
pub fn meanings_below(dir: &Path, specifier: &str) -> Vec<String> {
    Aliases::new(dir, &[]).of_tree(specifier)
}

/// The targets of the most exact pattern that fits.
fn meanings(aliases: &[Alias], specifier: &str) -> Vec<String> {
    let fitting: Vec<(&Alias, &str)> =
        aliases.iter().filter_map(|alias| Some((alias, alias.fit(specifier)?))).collect();
    let Some(exactest) = fitting.iter().map(|(alias, _)| alias.exactness()).max() else { return Vec::new() };
    let exactest = fitting.into_iter().filter(|(alias, _)| alias.exactness() == exactest);
    exactest.map(|(alias, rest)| alias.target.replacen('*', rest, 1)).collect()
}

/// A path of a configuration as one that begins with a dot.
fn below_root(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." { ".".to_owned() } else { format!("./{path}") }
}

/// JSON without comments and without commas before the end of a list, which the configuration of TypeScript may have.
fn plain_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let taken = match letter {
            '"' => string_length(rest),
            '/' if rest.starts_with("//") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = &rest[rest.find("*/").map_or(rest.len(), |end| end + 2)..];
                continue;
            }
            ']' | '}' => {
                let kept = plain.trim_end().trim_end_matches(',').len();
                plain.truncate(kept);
                1
            }
            letter => letter.len_utf8(),
        };
        plain.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    plain
}

/// The length of the string literal with which a text begins.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '"' && !is_escaped;
        is_escaped = *letter == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(end, _)| end + 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("@app/*=./src/*", "@app/a/b", Some("./src/a/b"))]
    #[case("@app/*=./src/*", "@apps/a", None)]
    #[case("*/lib=./lib/*.ts", "a/lib", Some("./lib/a.ts"))]
    #[case("../../../src/index.js=@tasker-systems/tasker", "../../../src/index.js", Some("@tasker-systems/tasker"))]
    #[case("zod=./vendor/zod.ts", "zod", Some("./vendor/zod.ts"))]
    #[case("zod=./vendor/zod.ts", "zod/v4", None)]
    fn an_alias_says_what_a_specifier_means(#[case] alias: &str, #[case] specifier: &str, #[case] means: Option<&str>) {
        let aliases = Aliases { named: vec![alias.parse().unwrap()], ..Aliases::default() };
        assert_eq!(aliases.named(specifier).as_deref(), means);
    }

    #[rstest]
    #[case("")]
    #[case("a")]
    #[case("a=")]
    #[case("=b")]
    #[case("*/*=./b")]
    #[case("a=./*")]
    fn what_is_no_alias_is_refused(#[case] text: &str) {
        assert!(text.parse::<Alias>().unwrap_err().contains("is no alias; write PATTERN=TARGET"));
    }

    #[test]
    fn the_most_exact_pattern_counts() {
        let named = ["@app/*=./src/*", "@app/core/*=./core/*", "@app/core/x=./x"].map(|text| text.parse().unwrap());
        let aliases = Aliases { named: named.to_vec(), ..Aliases::default() };
        for (specifier, means) in [("@app/a", "./src/a"), ("@app/core/a", "./core/a"), ("@app/core/x", "./x")] {
            assert_eq!(aliases.named(specifier).as_deref(), Some(means));
        }
    }

    #[test]
    fn the_configuration_of_a_tree_is_read_with_its_comments() {
        let tree = tempfile::tempdir().unwrap();
        let config = "{\n  // comment with \"quotes\"\n  \"compilerOptions\": {\n    \"baseUrl\": \"./src\", /* a,] */\n    \
                      \"paths\": { \"@/*\": [\"lib/*\", \"./other/*\",], \"a\\\"//b\": [\"c\"], },\n  },\n}\n";
        fs::write(tree.path().join("tsconfig.json"), config).unwrap();
        let aliases = Aliases::new(tree.path(), &[]);
        assert_eq!(aliases.of_tree("@/x"), ["./src/lib/x", "./src/other/x", "./src/@/x"]);
        assert_eq!(aliases.of_tree("a\"//b"), ["./src/c", "./src/a\"//b"]);
        assert_eq!(Aliases::new(&tree.path().join("nowhere"), &[]).of_tree("x"), Vec::<String>::new());
    }
}
