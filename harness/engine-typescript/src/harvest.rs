//! What the sources of a tree say. Nothing of them is run.

use std::borrow::Cow;
use std::thread;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, ArrowFunctionExpression, AssignmentExpression, BindingPattern, BindingProperty, CallExpression, Class,
    ComputedMemberExpression, Directive, ExportAllDeclaration, ExportFromDeclaration, Expression, ForOfStatement,
    ForStatementLeft, Function, IdentifierReference, ImportDeclaration, NewExpression, NumericLiteral,
    ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyDefinition, RegExpLiteral, ReturnStatement,
    StaticMemberExpression, StringLiteral, SwitchStatement, TSEnumDeclaration, TSEnumMember, TSInterfaceDeclaration,
    TSPropertySignature, TSTypeAliasDeclaration, TemplateLiteral, UnaryExpression, UnaryOperator, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_ecmascript::BoundNames;
use oxc_parser::Parser;
use oxc_semantic::ScopeFlags;
use oxc_span::SourceType;
use parity_engine::tree::SourceFile;
use parity_literals::{File, Node, What};
use serde_json::Number;

/// A source may nest as deep as its bytes are many, and is not ours: it is read where there is room.
const STACK: usize = 256 << 20;

/// How deep groups are nested; what is deeper stands in the innermost one.
const DEEPEST: usize = 30;

/// How deep brackets are nested in what is read: the parser has no limit of its own.
const MOST_BRACKETS: usize = 300;

/// What is said to people only.
const LOGGERS: [&str; 3] = ["console", "logger", "log"];

/// What puts something in the place of a part of a text: what stands near it is not read as it is written.
const REPLACING: [&str; 2] = ["replace", "replaceAll"];

/// What the files say. One that is no TypeScript says nothing.
#[must_use]
pub fn harvest(sources: &[SourceFile]) -> Vec<File> {
    let all = || sources.iter().filter_map(|source| Some(File::new(&source.name, &nodes(source)?))).collect();
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, all);
        reader.ok().and_then(|reader| reader.join().ok()).unwrap_or_default()
    })
}

fn nodes(source: &SourceFile) -> Option<Vec<Node>> {
    let depth = source.text.bytes().scan(0_usize, |depth, byte| {
        match byte {
            b'(' | b'[' | b'{' => *depth += 1,
            b')' | b']' | b'}' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(*depth)
    });
    if depth.max().unwrap_or_default() > MOST_BRACKETS {
        return None;
    }
    let allocator = Allocator::default();
    let kind = SourceType::from_path(&source.name).unwrap_or(SourceType::ts()).with_module(true);
    let parsed = Parser::new(&allocator, &source.text, kind).parse();
    if parsed.diagnostics.errors().next().is_some() {
        return None;
    }
    let mut reader = Reader { open: vec![Vec::new()], depth: 0, text: What::Text };
    reader.visit_program(&parsed.program);
    reader.open.pop()
}

/// Writes a program down as nodes.
struct Reader {
    /// The nodes of what is being read, the innermost last.
    open: Vec<Vec<Node>>,
    depth: usize,
    /// What a text is here.
    text: fn(String) -> What,
}

impl Reader {
    fn push(&mut self, node: Node) {
        if let Some(nodes) = self.open.last_mut() {
            nodes.push(node);
        }
    }

    fn name(&mut self, name: &str) {
        self.push(Node::Name(name.to_owned()));
    }

    fn literal(&mut self, what: What) {
        self.push(Node::Literal(what));
    }

    /// The nodes that `read` finds.
    fn within(&mut self, read: impl FnOnce(&mut Self)) -> Vec<Node> {
        self.open.push(Vec::new());
        read(self);
        self.open.pop().unwrap_or_default()
    }

    fn group(&mut self, read: impl FnOnce(&mut Self)) {
        if self.depth == DEEPEST {
            return read(self);
        }
        self.depth += 1;
        let nodes = self.within(read);
        self.depth -= 1;
        self.push(Node::Group(nodes));
    }

    fn define(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        let nodes = self.within(read);
        self.push(Node::Define(name.to_owned(), nodes));
    }

    fn assign(&mut self, names: Vec<String>, read: impl FnOnce(&mut Self)) {
        let nodes = self.within(read);
        self.push(Node::Assign(names, nodes));
    }

    fn arguments(&mut self, arguments: &[Argument<'_>], text: fn(String) -> What) {
        let around = std::mem::replace(&mut self.text, text);
        for argument in arguments {
            // A text within the argument is there for something else.
            let is_text = matches!(argument, Argument::StringLiteral(_));
            self.text = if is_text { text } else { What::Text };
            self.visit_argument(argument);
        }
        self.text = around;
    }

    /// How a call defines a handler: its name, and under which keys its parameters are read.
    fn handler(&mut self, arguments: &[Argument<'_>]) {
        for argument in arguments {
            match argument {
                Argument::StringLiteral(text) => self.push(Node::Claim(text.value.to_string())),
                Argument::ObjectExpression(config) => self.keys(config),
                other => self.visit_argument(other),
            }
        }
    }

    fn keys(&mut self, config: &ObjectExpression<'_>) {
        for property in &config.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            match (property.key.static_name(), &property.value) {
                (Some(name), Expression::StringLiteral(text)) => self.assign(vec![name.into_owned()], |reader| {
                    let parts = text.value.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                    parts.for_each(|part| reader.name(part));
                }),
                (_, Expression::ObjectExpression(inner)) => self.keys(inner),
                _ => {}
            }
        }
    }
}

/// The variables of a pattern.
fn names<'a>(pattern: &impl BoundNames<'a>) -> Vec<String> {
    let mut names = Vec::new();
    pattern.bound_names(&mut |name| names.push(name.name.to_string()));
    names
}

/// Whether a value stands for itself.
fn is_plain(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::UnaryExpression(unary) => is_plain(&unary.argument),
        Expression::ArrayExpression(array) => {
            array.elements.iter().all(|element| element.as_expression().is_some_and(is_plain))
        }
        Expression::ObjectExpression(object) => object.properties.iter().all(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) => is_plain(&property.value),
            ObjectPropertyKind::SpreadProperty(_) => false,
        }),
        other => other.is_literal(),
    }
}

/// What a text is that is handed to the method of a text.
fn use_of(method: &str) -> fn(String) -> What {
    match method {
        "startsWith" => What::Prefix,
        "endsWith" => What::Suffix,
        "split" | "join" => What::Separator,
        _ => What::Text,
    }
}

/// The time that a call of `Date` or `Date.UTC` makes of numbers, which count months from 0.
fn time_of(arguments: &[Argument<'_>]) -> Option<String> {
    let number = |argument: &Argument<'_>| match argument {
        Argument::NumericLiteral(number) if number.value >= 0.0 => Some(format!("{:02}", number.value)),
        _ => None,
    };
    let [year, Argument::NumericLiteral(month), day, ..] = arguments else { return None };
    Some(format!("{}-{:02}-{}", number(year)?, month.value + 1.0, number(day)?))
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole, and small enough to be held exactly")]
fn number(value: f64) -> Option<Number> {
    let is_whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if is_whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) }
}

impl<'a> Visit<'a> for Reader {
    fn visit_expression(&mut self, expression: &Expression<'a>) {
        match expression {
            Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::Identifier(_)
            | Expression::ArrowFunctionExpression(_)
            | Expression::FunctionExpression(_) => walk::walk_expression(self, expression),
            _ => self.group(|reader| walk::walk_expression(reader, expression)),
        }
    }

    fn visit_string_literal(&mut self, literal: &StringLiteral<'a>) {
        // Half a surrogate pair is no text.
        if !literal.lone_surrogates {
            self.literal((self.text)(literal.value.to_string()));
        }
    }

    fn visit_numeric_literal(&mut self, literal: &NumericLiteral<'a>) {
        if let Some(number) = number(literal.value) {
            self.literal(What::Number(number));
        }
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        match &unary.argument {
            Expression::NumericLiteral(literal) if unary.operator == UnaryOperator::UnaryNegation => {
                if let Some(number) = number(-literal.value) {
                    self.literal(What::Number(number));
                }
            }
            _ => walk::walk_unary_expression(self, unary),
        }
    }

    fn visit_reg_exp_literal(&mut self, literal: &RegExpLiteral<'a>) {
        self.literal(What::Pattern(literal.regex.pattern.text.to_string()));
    }

    /// The texts between its values are for people.
    fn visit_template_literal(&mut self, template: &TemplateLiteral<'a>) {
        template.expressions.iter().for_each(|expression| self.visit_expression(expression));
    }

    fn visit_identifier_reference(&mut self, identifier: &IdentifierReference<'a>) {
        self.name(&identifier.name);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        self.name(&member.property.name);
        if !matches!(member.property.name.as_str(), "length" | "size") {
            self.literal(What::Key(member.property.name.to_string()));
        }
        self.visit_expression(&member.object);
    }

    fn visit_computed_member_expression(&mut self, member: &ComputedMemberExpression<'a>) {
        self.visit_expression(&member.object);
        match &member.expression {
            Expression::StringLiteral(key) => {
                self.name(&key.value);
                self.literal(What::Key(key.value.to_string()));
            }
            other => self.visit_expression(other),
        }
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        match &call.callee {
            Expression::Identifier(function) => {
                self.push(Node::Refer(function.name.to_string()));
                match function.name.as_str() {
                    "defineHandler" => self.handler(&call.arguments),
                    "RegExp" => self.arguments(&call.arguments, What::Pattern),
                    _ => self.arguments(&call.arguments, What::Text),
                }
            }
            Expression::StaticMemberExpression(method) => {
                let name = method.property.name.as_str();
                let of = method.object.get_identifier_reference().map(|object| object.name.as_str());
                if of.is_some_and(|object| LOGGERS.contains(&object)) {
                    return;
                }
                if let (Some("Date"), "UTC", Some(time)) = (of, name, time_of(&call.arguments)) {
                    return self.literal(What::Text(time));
                }
                self.push(if REPLACING.contains(&name) {
                    Node::Name(name.to_owned())
                } else {
                    Node::Refer(name.to_owned())
                });
                let owner = self.within(|reader| reader.visit_expression(&method.object));
                let owners: Vec<Node> = owner.iter().flat_map(names_of).map(Node::Name).collect();
                for node in owner {
                    self.push(node);
                }
                for argument in &call.arguments {
                    if let Argument::ArrowFunctionExpression(function) = argument {
                        self.push(Node::Assign(names(&*function.params), owners.clone()));
                    }
                }
                self.arguments(&call.arguments, use_of(name));
            }
            other => {
                self.visit_expression(other);
                self.arguments(&call.arguments, What::Text);
            }
        }
    }

    fn visit_new_expression(&mut self, made: &NewExpression<'a>) {
        let Some(class) = made.callee.get_identifier_reference() else {
            return walk::walk_new_expression(self, made);
        };
        match class.name.as_str() {
            // What it says is for people.
            name if name.ends_with("Error") || name.ends_with("Exception") => {}
            "RegExp" => self.arguments(&made.arguments, What::Pattern),
            "Date" => match time_of(&made.arguments) {
                Some(time) => self.literal(What::Text(time)),
                None => self.arguments(&made.arguments, What::Text),
            },
            name => {
                self.push(Node::Refer(name.to_owned()));
                self.arguments(&made.arguments, What::Text);
            }
        }
    }

    /// The keys of a table are what is looked up in it.
    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        match property.key.static_name() {
            Some(key) if !property.shorthand && is_plain(&property.value) => {
                self.literal(What::Text(key.into_owned()));
            }
            Some(_) => {}
            None => self.visit_property_key(&property.key),
        }
        self.visit_expression(&property.value);
    }

    /// What is returned was not looked up.
    fn visit_return_statement(&mut self, returned: &ReturnStatement<'a>) {
        match &returned.argument {
            Some(Expression::ObjectExpression(object)) => {
                for property in &object.properties {
                    match property {
                        ObjectPropertyKind::ObjectProperty(property) if is_plain(&property.value) => {}
                        ObjectPropertyKind::ObjectProperty(property) => self.visit_expression(&property.value),
                        ObjectPropertyKind::SpreadProperty(spread) => self.visit_expression(&spread.argument),
                    }
                }
            }
            Some(other) => self.visit_expression(other),
            None => {}
        }
    }

    fn visit_variable_declarator(&mut self, variable: &VariableDeclarator<'a>) {
        self.assign(names(&variable.id), |reader| {
            if let Some(value) = &variable.init {
                reader.visit_expression(value);
            }
        });
        if !matches!(variable.id, BindingPattern::BindingIdentifier(_)) {
            // At the top of a file, the names are those of one definition already.
            self.group(|reader| reader.visit_binding_pattern(&variable.id));
        }
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let targets = self.within(|reader| reader.visit_assignment_target(&assignment.left));
        // Of a member, its own name stands first.
        let names = targets.iter().flat_map(names_of).take(1).collect();
        self.assign(names, |reader| reader.visit_expression(&assignment.right));
    }

    fn visit_binding_property(&mut self, property: &BindingProperty<'a>) {
        if let Some(key) = property.key.static_name() {
            self.assign(names(&property.value), |reader| {
                reader.name(&key);
                reader.literal(What::Key(key.into_owned()));
            });
        }
        self.visit_binding_pattern(&property.value);
    }

    fn visit_for_of_statement(&mut self, each: &ForOfStatement<'a>) {
        if let ForStatementLeft::VariableDeclaration(variable) = &each.left {
            self.assign(names(&**variable), |reader| reader.visit_expression(&each.right));
            variable.declarations.iter().for_each(|variable| self.visit_binding_pattern(&variable.id));
        }
        self.visit_statement(&each.body);
    }

    fn visit_switch_statement(&mut self, switch: &SwitchStatement<'a>) {
        self.group(|reader| {
            reader.visit_expression(&switch.discriminant);
            switch.cases.iter().filter_map(|case| case.test.as_ref()).for_each(|test| reader.visit_expression(test));
        });
        switch.cases.iter().flat_map(|case| &case.consequent).for_each(|statement| self.visit_statement(statement));
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        let name = function.id.as_ref().map(|id| id.name.to_string()).unwrap_or_default();
        self.define(&name, |reader| walk::walk_function(reader, function, flags));
    }

    fn visit_arrow_function_expression(&mut self, function: &ArrowFunctionExpression<'a>) {
        self.define("", |reader| walk::walk_arrow_function_expression(reader, function));
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        let name = class.id.as_ref().map(|id| id.name.to_string()).unwrap_or_default();
        self.define(&name, |reader| walk::walk_class(reader, class));
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        if let Some(Expression::StringLiteral(text)) = &property.value {
            self.push(Node::Claim(text.value.to_string()));
        }
        let names = property.key.static_name().map(Cow::into_owned).into_iter().collect();
        self.assign(names, |reader| property.value.iter().for_each(|value| reader.visit_expression(value)));
    }

    fn visit_ts_enum_declaration(&mut self, declared: &TSEnumDeclaration<'a>) {
        self.define(&declared.id.name, |reader| walk::walk_ts_enum_declaration(reader, declared));
    }

    fn visit_ts_enum_member(&mut self, member: &TSEnumMember<'a>) {
        let names = vec![member.id.static_name().to_string()];
        self.assign(names, |reader| member.initializer.iter().for_each(|value| reader.visit_expression(value)));
    }

    fn visit_ts_type_alias_declaration(&mut self, declared: &TSTypeAliasDeclaration<'a>) {
        self.define(&declared.id.name, |reader| walk::walk_ts_type_alias_declaration(reader, declared));
    }

    fn visit_ts_interface_declaration(&mut self, declared: &TSInterfaceDeclaration<'a>) {
        self.define(&declared.id.name, |reader| walk::walk_ts_interface_declaration(reader, declared));
    }

    fn visit_ts_property_signature(&mut self, member: &TSPropertySignature<'a>) {
        let names = member.key.static_name().map(Cow::into_owned).into_iter().collect();
        self.assign(names, |reader| walk::walk_ts_property_signature(reader, member));
    }

    fn visit_import_declaration(&mut self, _: &ImportDeclaration<'a>) {}

    fn visit_export_from_declaration(&mut self, _: &ExportFromDeclaration<'a>) {}

    fn visit_export_all_declaration(&mut self, _: &ExportAllDeclaration<'a>) {}

    fn visit_directive(&mut self, _: &Directive<'a>) {}
}

/// The names of an expression.
fn names_of(node: &Node) -> Vec<String> {
    match node {
        Node::Name(name) => vec![name.clone()],
        Node::Group(nodes) => nodes.iter().flat_map(names_of).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use parity_literals::{Literal, reached};

    use super::*;

    const SHOP: &str = r"
import { defineHandler } from '@tasker-systems/tasker';

const LIMIT = 100;
const RATES: Record<string, number> = { WELCOME10: 10, 'SPRING25': 25 };
enum Tier { Gold = 'gold' }
interface Order { size: 'small' | 'large' }

function fee(amount: number) {
  return amount > 499.99 ? 2.5 : 0;
}

export const Handler = defineHandler('checkout', { inputs: { code: 'coupon', lines: 'lines' } }, async (input: Order) => {
  const { code, lines, region: area = 'EU-1', ...rest } = input;
  if (lines.length > LIMIT) throw new PermanentError('far too many', { error_code: 'TOO_MANY' });
  if (area.startsWith('EU-') || !/[A-Z]{3}-\d+/.test(lines[0].sku)) console.log('said to people');
  switch (rest.channel) {
    case 'web':
    case 'app':
      break;
  }
  if (lines.some((l: any) => l === 'GIFT') || rest.tier === Tier.Gold) return { status: 'early', off: RATES[code.toUpperCase()] ?? 0 };
  if (new Date(rest.since) < new Date(2024, 2, 31)) return fee(lines.reduce((sum: number, line: any) => sum + line.amount, 0));
  return `nobody reads ${-7.5 + rest['x y']}`;
});

export const Other = defineHandler('other', {}, async ({ x }: any) => x === 'OTHER');
";

    fn said(text: &str) -> Vec<Literal> {
        let source = SourceFile { name: "shop.ts".to_owned(), text: text.to_owned() };
        reached(&harvest(&[source]), &|name| name == "checkout")
    }

    #[test]
    fn what_a_handler_compares_with_is_found_with_the_fields_that_it_reads() {
        let literals = said(SHOP);
        let near = |what: What, name: &str| {
            let literal = literals.iter().find(|literal| literal.what == what);
            literal.is_some_and(|literal| literal.near.iter().any(|near| near == name))
        };
        let text = |text: &str| What::Text(text.to_owned());
        assert!(near(text("WELCOME10"), "coupon") && near(text("SPRING25"), "coupon"), "{literals:#?}");
        assert!(near(What::Number(100.into()), "lines") && near(What::Number(100.into()), "length"));
        assert!(near(What::Prefix("EU-".to_owned()), "region"));
        assert!(near(What::Pattern(r"[A-Z]{3}-\d+".to_owned()), "sku"));
        assert!(near(text("app"), "channel"));
        assert!(near(text("gold"), "tier"));
        assert!(near(text("GIFT"), "lines"));
        assert!(near(text("2024-03-31"), "since"));
        assert!(near(text("large"), "size"));
        assert!(near(What::Key("sku".to_owned()), "lines"));
        assert!(near(What::Key("x y".to_owned()), "rest"));
        let all = format!("{literals:?}");
        assert!(all.contains("499.99") && all.contains("-7.5"));
        for unsaid in ["OTHER", "TOO_MANY", "far too many", "said to people", "nobody", "early", "tasker"] {
            assert!(!all.contains(unsaid), "{unsaid}");
        }
    }

    #[test]
    fn what_is_replaced_stands_near_that_it_is() {
        let literals = said("const checkout = (text, name) => text.replaceAll('{{name}}', name);");
        let near: Vec<_> = literals.iter().flat_map(|literal| &literal.near).collect();
        assert!(near.contains(&&"text".to_owned()) && near.contains(&&"replaceall".to_owned()), "{literals:?}");
    }

    #[test]
    fn a_source_that_cannot_be_read_says_nothing() {
        let deep = format!("const checkout = {}1{};", "(".repeat(100_000), ")".repeat(100_000));
        let long = format!("function checkout(x) {{ return x === 'end' || {}; }}", vec!["x"; 20_000].join(" + "));
        for (text, count) in
            [("function (", 0), (deep.as_str(), 0), ("const a = '\\ud800' + 'a';", 1), (long.as_str(), 1)]
        {
            assert_eq!(said(text).len(), count, "{}", &text[..text.len().min(40)]);
        }
    }
}
