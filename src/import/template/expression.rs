//! The expression language of ARM templates: `[concat(parameters('prefix'), '-vnet')]`.

use std::iter::Peekable;
use std::str::Chars;

/// Deeper nesting than this is refused, so that no input can exhaust the stack.
const DEPTH_MAX: usize = 64;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// `'text'`.
    Text(String),
    /// `12`.
    Number(i64),
    /// `name(arguments)`, also `namespace.name(arguments)`.
    Call(String, Vec<Expression>),
    /// `value.name`.
    Member(Box<Expression>, String),
    /// `value[index]`.
    Index(Box<Expression>, Box<Expression>),
}

/// What a string of a template is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// Text that stands for itself.
    Literal(String),
    /// An expression in brackets.
    Expression(Expression),
}

/// Reads a string of a template: `[…]` is an expression, `[[…` a text that starts with a bracket.
///
/// # Errors
/// In words, when the expression cannot be read.
pub(super) fn read(text: &str) -> Result<Written, String> {
    if let Some(escaped) = text.strip_prefix("[[") {
        return Ok(Written::Literal(format!("[{escaped}")));
    }
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(Written::Literal(text.to_owned()));
    };
    let mut parser = Parser { rest: inner.chars().peekable() };
    let expression = parser.expression(0)?;
    match parser.peek() {
        None => Ok(Written::Expression(expression)),
        Some(odd) => Err(format!("`{odd}` is not expected after the expression")),
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    /// The next character that is not white space.
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        self.rest.peek().copied()
    }

    fn take(&mut self, expected: char) -> Result<(), String> {
        match self.peek() {
            Some(found) if found == expected => {
                self.rest.next();
                Ok(())
            }
            Some(found) => Err(format!("`{expected}` was expected, not `{found}`")),
            None => Err(format!("`{expected}` was expected at the end")),
        }
    }

    fn expression(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH_MAX {
            return Err("the expression is nested too deeply".into());
        }
        let mut value = match self.peek() {
            Some('\'') => Expression::Text(self.text()?),
            Some(c) if c.is_ascii_digit() || c == '-' => self.number()?,
            // Bicep's own namespace is `__bicep`.
            Some(c) if c.is_alphabetic() || c == '_' => self.call(depth)?,
            Some(odd) => return Err(format!("`{odd}` starts no value")),
            None => return Err("a value was expected at the end".into()),
        };
        for _ in 0..DEPTH_MAX {
            value = match self.peek() {
                Some('.') => {
                    self.rest.next();
                    Expression::Member(Box::new(value), self.word())
                }
                Some('[') => {
                    self.rest.next();
                    let index = self.expression(depth + 1)?;
                    self.take(']')?;
                    Expression::Index(Box::new(value), Box::new(index))
                }
                _ => return Ok(value),
            };
        }
        Err("the expression is nested too deeply".into())
    }

    /// A text in single quotes, of which two stand for one.
    fn text(&mut self) -> Result<String, String> {
        self.rest.next();
        let mut text = String::new();
        while let Some(c) = self.rest.next() {
            if c == '\'' && self.rest.next_if_eq(&'\'').is_none() {
                return Ok(text);
            }
            text.push(c);
        }
        Err("the text has no closing quote".into())
    }

    fn number(&mut self) -> Result<Expression, String> {
        let mut digits = String::new();
        while let Some(c) = self.rest.next_if(|&c| c.is_ascii_digit() || c == '-') {
            digits.push(c);
        }
        digits.parse().map(Expression::Number).map_err(|_| format!("`{digits}` is no number"))
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|&c| c.is_alphanumeric() || c == '_' || c == '$') {
            word.push(c);
        }
        word
    }

    fn call(&mut self, depth: usize) -> Result<Expression, String> {
        let mut name = self.word();
        // A user's function is called by its namespace: `contoso.nameOf(…)`.
        while self.rest.next_if_eq(&'.').is_some() {
            name.push('.');
            name.push_str(&self.word());
        }
        self.take('(')?;
        let mut arguments = Vec::new();
        if self.peek() == Some(')') {
            self.rest.next();
            return Ok(Expression::Call(name, arguments));
        }
        loop {
            arguments.push(self.expression(depth + 1)?);
            match self.peek() {
                Some(',') => self.rest.next(),
                _ => break,
            };
        }
        self.take(')')?;
        Ok(Expression::Call(name, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Expression {
        Expression::Text(text.into())
    }

    #[test]
    fn calls_members_and_indexes_nest() {
        let call = Expression::Call("resourceGroup".into(), vec![]);
        let member = Expression::Member(Box::new(call), "location".into());
        let concat = Expression::Call("concat".into(), vec![text("it's "), member]);
        assert_eq!(
            read("[concat('it''s ', resourceGroup().location)]"),
            Ok(Written::Expression(concat))
        );
        let parameter = Expression::Call("parameters".into(), vec![text("names")]);
        let indexed = Expression::Index(Box::new(parameter), Box::new(Expression::Number(1)));
        assert_eq!(read("[ parameters('names')[1] ]"), Ok(Written::Expression(indexed)));
    }

    #[test]
    fn text_without_brackets_stands_for_itself() {
        assert_eq!(read("vnet1"), Ok(Written::Literal("vnet1".into())));
        assert_eq!(read("[[vnet1]"), Ok(Written::Literal("[vnet1]".into())));
        assert_eq!(read("[not closed"), Ok(Written::Literal("[not closed".into())));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(read("[concat('a]"), Err("the text has no closing quote".into()));
        assert_eq!(read("[concat('a']"), Err("`)` was expected at the end".into()));
        let deep = format!("[{}'x'{}]", "f(".repeat(500), ")".repeat(500));
        assert_eq!(read(&deep), Err("the expression is nested too deeply".into()));
    }
}
