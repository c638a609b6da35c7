//! TypeScript to JavaScript, and the way back for stack positions.

use std::ops::Range;
use std::path::Path;

use oxc_allocator::{Allocator, ReplaceWith};
use oxc_ast::ast::{
    BindingPattern, CatchClause, Expression, IdentifierName, IdentifierReference, ImportDeclarationSpecifier,
    ObjectExpression, ObjectPropertyKind, Program, SpreadElement, Statement,
};
use oxc_ast::builder::AstBuilder;
use oxc_ast_visit::{VisitMut, walk_mut};
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_diagnostics::{Diagnostics, OxcDiagnostic};
use oxc_ecmascript::BoundNames;
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::{SPAN, SourceType, Span};
use oxc_transformer::{TransformOptions, Transformer};

/// What runs the JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runtime {
    /// Its operators are led to a module of ours where they are not those of Node.
    QuickJs,
    Node,
}

/// The module that has the operators of Node, and the name under which QuickJS finds it in other modules.
pub(super) const OPERATORS: &str = "parity:operators";
const OPERATORS_NAME: &str = "parity$operators";

/// A module that a runtime can run.
#[derive(Debug)]
pub(super) struct Script {
    /// The JavaScript.
    pub(super) code: String,
    /// Where its pieces come from.
    pub(super) positions: Positions,
    /// What it imports by name: the specifier and the name.
    pub(super) imports: Vec<(String, String)>,
    /// What it exports by name.
    pub(super) exports: Vec<String>,
}

/// A source text that is not TypeScript.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// Counted from 1.
    pub(super) line: Option<u32>,
    /// What is wrong.
    pub(super) message: String,
}

/// Generated positions with the source positions they come from, in order; all counted from 0.
#[derive(Debug, Default)]
pub(super) struct Positions(Vec<((u32, u32), (u32, u32))>);

impl Positions {
    /// The source line and column of a generated line and column, all counted from 1.
    pub(super) fn source(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let generated = (line.saturating_sub(1), column.saturating_sub(1));
        let after = self.0.partition_point(|(position, _)| *position <= generated);
        let (_, (line, column)) = self.0.get(after.checked_sub(1)?)?;
        Some((line + 1, column + 1))
    }
}

/// Removes the types of one module: imports used only as types go, enums, namespaces and parameter properties become
/// code.
pub(super) fn strip(source: &str, name: &str, runtime: Runtime) -> Result<Script, SyntaxError> {
    let path = Path::new(name);
    if path.extension().is_some_and(|extension| extension == "json") {
        return table(source);
    }
    let allocator = Allocator::default();
    let kind = SourceType::from_path(path).unwrap_or(SourceType::ts()).with_module(true);
    let parsed = Parser::new(&allocator, source, kind).parse();
    check(&parsed.diagnostics, source)?;
    let mut program = parsed.program;
    let semantic = SemanticBuilder::new()
        .with_check_syntax_error(true)
        .with_excess_capacity(2.0)
        .with_enum_eval(true)
        .build(&program);
    check(&semantic.diagnostics, source)?;
    let mut options = TransformOptions::default();
    options.decorator.legacy = true;
    let leads_operators = runtime == Runtime::QuickJs && name != OPERATORS;
    options.env.es2016.exponentiation_operator = leads_operators;
    let transformed =
        Transformer::new(&allocator, path, &options).build_with_scoping(semantic.semantic.into_scoping(), &mut program);
    check(&transformed.diagnostics, source)?;
    let (imports, exports) = names(&program);
    let mut operators = Operators { builder: AstBuilder::new(&allocator), found: false };
    if leads_operators {
        operators.visit_program(&mut program);
    }
    let options = CodegenOptions { source_map_path: Some(path.to_path_buf()), ..CodegenOptions::default() };
    let generated = Codegen::new().with_options(options).build(&program);
    let positions = generated.map.map_or_else(Vec::new, |map| {
        map.get_tokens()
            .map(|token| ((token.get_dst_line(), token.get_dst_col()), (token.get_src_line(), token.get_src_col())))
            .collect()
    });
    // At the end, where it moves no line; imports come first wherever they stand.
    let import = operators.found.then(|| format!("import * as {OPERATORS_NAME} from {OPERATORS:?};\n"));
    let code = generated.code + import.as_deref().unwrap_or_default();
    Ok(Script { code, positions: Positions(positions), imports, exports })
}

/// Leads operators to those of Node: `**`, which is a call of `Math.pow` already, and the spread of a text in an object. What is
/// caught is given the words of V8.
struct Operators<'a> {
    builder: AstBuilder<'a>,
    found: bool,
}

impl<'a> Operators<'a> {
    fn is_object(expression: &Expression<'a>) -> bool {
        match expression {
            Expression::ObjectExpression(_) | Expression::ArrayExpression(_) | Expression::ThisExpression(_) => true,
            Expression::ParenthesizedExpression(inner) => Self::is_object(&inner.expression),
            Expression::ConditionalExpression(choice) => {
                Self::is_object(&choice.consequent) && Self::is_object(&choice.alternate)
            }
            _ => false,
        }
    }

    /// A call of one of the operators.
    fn call(builder: &AstBuilder<'a>, name: &'static str, argument: Expression<'a>) -> Expression<'a> {
        let operators = Expression::new_identifier(SPAN, OPERATORS_NAME, builder);
        let name = IdentifierName::new(SPAN, name, builder);
        let callee = Expression::new_static_member_expression(SPAN, operators, name, false, builder);
        Expression::new_call_expression(SPAN, callee, None, [argument.into()], false, builder)
    }

    fn spread(&mut self, element: &mut SpreadElement<'a>) {
        if !Self::is_object(&element.argument) {
            self.found = true;
            let builder = &self.builder;
            element.argument.replace_with(|argument| Self::call(builder, "spread", argument));
        }
    }
}

impl<'a> VisitMut<'a> for Operators<'a> {
    fn visit_identifier_reference(&mut self, identifier: &mut IdentifierReference<'a>) {
        // No place in the source: a handler did not write it.
        if identifier.name == "Math" && identifier.span == SPAN {
            self.found = true;
            identifier.name = OPERATORS_NAME.into();
        }
    }

    fn visit_catch_clause(&mut self, clause: &mut CatchClause<'a>) {
        walk_mut::walk_catch_clause(self, clause);
        let Some(BindingPattern::BindingIdentifier(caught)) = clause.param.as_ref().map(|param| &param.pattern) else {
            return;
        };
        self.found = true;
        let builder = &self.builder;
        let caught = Expression::new_identifier(SPAN, caught.name, builder);
        let call = Statement::new_expression_statement(SPAN, Self::call(builder, "caught", caught), builder);
        clause.body.body.insert(0, call);
    }

    fn visit_object_expression(&mut self, object: &mut ObjectExpression<'a>) {
        walk_mut::walk_object_expression(self, object);
        for property in &mut object.properties {
            if let ObjectPropertyKind::SpreadProperty(element) = property {
                self.spread(element);
            }
        }
    }
}

/// What a program without types imports and exports by name.
fn names(program: &Program<'_>) -> (Vec<(String, String)>, Vec<String>) {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    for statement in &program.body {
        match statement {
            Statement::ImportDeclaration(import) => {
                for specifier in import.specifiers.iter().flatten() {
                    if let ImportDeclarationSpecifier::ImportSpecifier(specifier) = specifier {
                        imports.push((import.source.value.to_string(), specifier.imported.name().to_string()));
                    }
                }
            }
            Statement::ExportFromDeclaration(export) => {
                for specifier in &export.specifiers {
                    imports.push((export.source.value.to_string(), specifier.local.name().to_string()));
                    exports.push(specifier.exported.name().to_string());
                }
            }
            Statement::ExportNamedDeclaration(export) => {
                exports.extend(export.specifiers.iter().map(|specifier| specifier.exported.name().to_string()));
            }
            Statement::ExportDeclaration(export) => {
                export.declaration.bound_names(&mut |name| exports.push(name.name.to_string()));
            }
            _ => {}
        }
    }
    (imports, exports)
}

/// The module that a JSON file is: its value is what it exports.
fn table(source: &str) -> Result<Script, SyntaxError> {
    let value: serde_json::Value = serde_json::from_str(source).map_err(|error| {
        let line = u32::try_from(error.line()).ok();
        SyntaxError { line, message: error.to_string() }
    })?;
    // As text, so that `__proto__` is a name like others.
    let text = serde_json::Value::String(value.to_string()).to_string();
    Ok(Script {
        code: format!("export default JSON.parse({text});\n"),
        positions: Positions::default(),
        imports: Vec::new(),
        exports: Vec::new(),
    })
}

/// What a module imports and re-exports by name, and where in its JavaScript the name stands, quotes included.
pub(super) fn specifiers(code: &str) -> Vec<(Range<usize>, String)> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
    let place = |span: Span| span.start as usize..span.end as usize;
    let requested = parsed
        .module_record
        .requested_modules
        .iter()
        .flat_map(|(name, requests)| requests.iter().map(move |request| (place(request.span), name.to_string())));
    let dynamic = parsed.module_record.dynamic_imports.iter().filter_map(|import| {
        let place = place(import.module_request);
        let name = literal(code.get(place.clone())?)?;
        Some((place, name))
    });
    requested.chain(dynamic).collect()
}

/// The text of a string literal without escapes.
fn literal(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then(|| inner.to_owned())
}

fn check(diagnostics: &Diagnostics, source: &str) -> Result<(), SyntaxError> {
    diagnostics.errors().next().map_or(Ok(()), |diagnostic| Err(syntax_error(diagnostic, source)))
}

fn syntax_error(diagnostic: &OxcDiagnostic, source: &str) -> SyntaxError {
    let line = diagnostic.labels.first().map(|label| {
        let before = source.get(..label.offset() as usize).unwrap_or(source);
        u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    });
    let help = diagnostic.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    SyntaxError { line, message: format!("{}{help}", diagnostic.message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_found_with_their_quotes() {
        let code = "import { a } from './a';\nexport * from \"./b\";\nconst c = import('./c');\nimport(a + './d');\n";
        let mut found = specifiers(code);
        found.sort_by_key(|(place, _)| place.start);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(place, name)| (&code[place.clone()], name.as_str())).collect();
        assert_eq!(found, [("'./a'", "./a"), ("\"./b\"", "./b"), ("'./c'", "./c")]);
    }
}
