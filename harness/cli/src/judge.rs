//! What the arguments say of right and wrong: who is the oracle, and how strictly it is compared with.

use std::str::FromStr;

use super::choices::StrictnessChoice;
use super::engines::{Runtime, oracle_pool};
use super::error::CliError;
use super::subject::SubjectName;
use parity_blog::Oracle;
use parity_engine::{Engine, TreeError};
use parity_judge::Ledger;
use parity_judge::majority::{FEWEST, Majority, NAME as MAJORITY};
use parity_judge::{Criteria, Strictness, Tolerance, VolatileField};
use parity_report::Trees;
use parity_suite::workflow::Pool;

/// What the others are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OracleName {
    /// The reference implementation
    Rust,
    /// What most engines answer
    Majority,
    /// An engine
    Engine(SubjectName),
}

impl FromStr for OracleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "rust" => Ok(Self::Rust),
            MAJORITY => Ok(Self::Majority),
            other => other.parse().map(Self::Engine).map_err(|error| format!("{error}; or rust, or {MAJORITY}")),
        }
    }
}

impl OracleName {
    /// What names it on the command line.
    fn argument(&self) -> String {
        match self {
            Self::Rust => "rust".to_owned(),
            Self::Majority => MAJORITY.to_owned(),
            Self::Engine(subject) => subject.argument(),
        }
    }

    /// The oracle's name in reports.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Rust => "rust",
            Self::Majority => MAJORITY,
            Self::Engine(subject) => subject.name(),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct JudgeArgs {
    /// What the engines are compared with: rust, which has our own handlers, an engine as --engine names it, or majority
    /// [default: rust; for handlers that it does not have, majority of three or more engines, else the first engine]
    #[arg(long, value_name = "NAME")]
    oracle: Option<OracleName>,
    /// How strictly outcomes are compared [default: full for our own trees, contract for others]
    #[arg(long, value_enum)]
    strictness: Option<StrictnessChoice>,
    /// Field in which numbers may differ by up to MOST, as a JSON Pointer into the outcome such as
    /// /result/items/*/price=0.005; may be given several times
    #[arg(long = "tolerance", value_name = "PATH=MOST")]
    tolerances: Vec<Tolerance>,
    /// Field that is compared by its shape alone, e.g. `/result/created_at`; under `contract`, what is random is found out
    /// without it; may be given several times
    #[arg(long = "volatile", value_name = "PATH")]
    volatile: Vec<VolatileField>,
}

/// Who is right, and who is compared.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    pub(super) oracle: OracleName,
    pub(super) subjects: Vec<SubjectName>,
    pub(super) criteria: Criteria,
}

impl JudgeArgs {
    /// The judge over `subjects`; `known` says whether the reference implementation has all the handlers. Only where it has,
    /// and the trees are our own, everything is meant to be the same.
    pub(super) fn judge(
        &self,
        subjects: Vec<SubjectName>,
        trees: &Trees,
        known: bool,
        ledger: Ledger,
    ) -> Result<Judge, CliError> {
        let oracle = self.oracle.clone().unwrap_or_else(|| match subjects.first() {
            Some(first) if !known && subjects.len() < FEWEST => OracleName::Engine(first.clone()),
            Some(_) if !known => OracleName::Majority,
            _ => OracleName::Rust,
        });
        if oracle == OracleName::Majority && subjects.len() < FEWEST {
            return Err(CliError::TooFewToVote { engines: subjects.len(), fewest: FEWEST });
        }
        let is_oracle = |subject: &SubjectName| matches!(&oracle, OracleName::Engine(engine) if engine == subject);
        let codeless = subjects.iter().filter(|subject| subject.is_codeless());
        let codeless = codeless.map(|subject| subject.name().to_owned()).collect();
        let default = if trees.are_ours() && known { Strictness::Full } else { Strictness::Contract };
        let criteria = Criteria {
            ledger,
            strictness: self.strictness.map_or(default, Into::into),
            tolerances: self.tolerances.clone(),
            volatile: self.volatile.clone(),
            codeless,
            named_by_data: parity_blog::named_by_data(),
        };
        let subjects: Vec<SubjectName> = subjects.into_iter().filter(|subject| !is_oracle(subject)).collect();
        if subjects.is_empty() {
            return Err(CliError::NothingToCompare { oracle: oracle.name().to_owned() });
        }
        Ok(Judge { oracle, subjects, criteria })
    }

    /// The arguments that say the same to another command.
    pub(super) fn options(&self) -> Vec<(&'static str, String)> {
        let mut options = Vec::new();
        options.extend(self.oracle.iter().map(|oracle| ("--oracle", oracle.argument())));
        options.extend(self.strictness.map(|strictness| ("--strictness", strictness.to_string())));
        options.extend(self.tolerances.iter().map(|tolerance| ("--tolerance", tolerance.to_string())));
        options.extend(self.volatile.iter().map(|field| ("--volatile", field.to_string())));
        options
    }
}

/// The oracle and the engines that are compared with it.
pub(super) type Bench = (Box<dyn Engine>, Vec<Box<dyn Engine>>);

impl Judge {
    /// Starts the oracle and the engines.
    pub(super) fn engines(&self, runtime: &Runtime, trees: &Trees) -> Result<Bench, TreeError> {
        let engines = runtime.load_all(&self.subjects, trees)?;
        Ok(match &self.oracle {
            OracleName::Rust => (Box::new(Oracle::default()), engines),
            OracleName::Engine(engine) => (runtime.load(engine, trees)?, engines),
            OracleName::Majority => {
                let (majority, engines) = Majority::of(engines, &self.criteria);
                (Box::new(majority), engines)
            }
        })
    }

    /// Starts the oracle for workflows.
    pub(super) fn pool(&self, runtime: &Runtime, trees: &Trees) -> Result<Pool, TreeError> {
        match &self.oracle {
            OracleName::Rust => oracle_pool(),
            OracleName::Engine(engine) => runtime.pool(engine, trees),
            OracleName::Majority => Err(TreeError::Refused {
                message: "whole workflows need one engine as oracle; name it, e.g. --oracle python".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_ARGUMENTS: JudgeArgs =
        JudgeArgs { oracle: None, strictness: None, tolerances: Vec::new(), volatile: Vec::new() };

    fn subjects(names: &[&str]) -> Vec<SubjectName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn judge(arguments: &JudgeArgs, names: &[&str], known: bool) -> Result<Judge, CliError> {
        arguments.judge(subjects(names), &Trees::default(), known, Ledger::default())
    }

    #[test]
    fn who_is_the_oracle_depends_on_who_has_the_handlers() {
        let oracle = |names: &[&str], known| judge(&NO_ARGUMENTS, names, known).unwrap().oracle.argument();
        assert_eq!(oracle(&["python", "typescript"], true), "rust");
        assert_eq!(oracle(&["python", "typescript", "node"], false), "majority");
        assert_eq!(oracle(&["python", "typescript"], false), "python");
    }

    #[test]
    fn an_oracle_is_not_compared_with_itself() {
        let arguments = JudgeArgs { oracle: Some("python".parse().unwrap()), ..NO_ARGUMENTS };
        assert_eq!(judge(&arguments, &["python", "node"], true).unwrap().subjects, subjects(&["node"]));
        let error = judge(&arguments, &["python"], true).unwrap_err().to_string();
        assert!(error.contains("nothing to compare with python"), "{error}");
    }

    #[test]
    fn two_engines_are_no_majority() {
        let arguments = JudgeArgs { oracle: Some(OracleName::Majority), ..NO_ARGUMENTS };
        let error = judge(&arguments, &["python", "node"], true).unwrap_err().to_string();
        assert!(error.contains("a majority needs at least 3 engines"), "{error}");
    }

    #[test]
    fn foreign_trees_are_compared_by_contract() {
        let foreign = Trees { python: Some("x".into()), ..Trees::default() };
        let strictness = |trees: &Trees| {
            NO_ARGUMENTS.judge(subjects(&["python"]), trees, true, Ledger::default()).unwrap().criteria.strictness
        };
        assert_eq!([strictness(&foreign), strictness(&Trees::default())], [Strictness::Contract, Strictness::Full]);
    }
}
