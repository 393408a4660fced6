//! Text to tree.

/// A function.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) body: Expression,
}

/// An expression. Each makes an object.
pub(super) enum Expression {
    /// `7`
    Number(i64),
    /// `x`
    Name(String),
    /// `(cons head tail)`
    Cons(Box<[Expression; 2]>),
    /// `(let x value body)`
    Let { name: String, value: Box<Expression>, body: Box<Expression> },
    /// `(loop 10 x initial next)`: `next` ten times, each time of the last `x`.
    Loop { times: i64, name: String, initial: Box<Expression>, next: Box<Expression> },
    /// `(call f argument...)`
    Call { function: String, arguments: Vec<Expression> },
}

/// Reads `(fn name (parameter...) body)`, any number of times.
pub(super) fn functions(text: &str) -> Vec<Function> {
    let text = text.replace('(', " ( ").replace(')', " ) ");
    let mut words = Words(text.split_whitespace().collect());
    words.0.reverse();
    let mut functions = Vec::new();
    while !words.0.is_empty() {
        words.expect("(");
        words.expect("fn");
        let name = words.next().to_owned();
        words.expect("(");
        let parameters = words.until_closed(|words| words.next().to_owned());
        let body = words.expression();
        words.expect(")");
        functions.push(Function { name, parameters, body });
    }
    functions
}

/// The words that are left, the next one last.
struct Words<'t>(Vec<&'t str>);

impl<'t> Words<'t> {
    fn next(&mut self) -> &'t str {
        self.0.pop().expect("more text")
    }

    fn expect(&mut self, word: &str) {
        assert_eq!(self.next(), word);
    }

    fn until_closed<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        while self.0.last() != Some(&")") {
            list.push(read(self));
        }
        self.expect(")");
        list
    }

    fn expression(&mut self) -> Expression {
        let word = self.next();
        if word != "(" {
            let number = word.parse().map(Expression::Number);
            return number.unwrap_or_else(|_| Expression::Name(word.to_owned()));
        }
        let boxed = |words: &mut Self| Box::new(words.expression());
        let expression = match self.next() {
            "cons" => Expression::Cons(Box::new([self.expression(), self.expression()])),
            "let" => {
                let name = self.next().to_owned();
                Expression::Let { name, value: boxed(self), body: boxed(self) }
            }
            "loop" => {
                let times = self.next().parse().expect("a number");
                let name = self.next().to_owned();
                Expression::Loop { times, name, initial: boxed(self), next: boxed(self) }
            }
            "call" => {
                let function = self.next().to_owned();
                let arguments = self.until_closed(Self::expression);
                return Expression::Call { function, arguments };
            }
            other => panic!("`{other}` is no form"),
        };
        self.expect(")");
        expression
    }
}
