package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Expression.AtTimeZone;
import dev.freshet.compiler.sql.Expression.Cast;
import dev.freshet.compiler.sql.Expression.Collate;
import dev.freshet.compiler.sql.Expression.Infix;
import dev.freshet.compiler.sql.Expression.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Collate_identifierContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Data_typeContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.OpContext;

/// Orders a chain of arithmetic and other operators by PostgreSQL's precedence.
///
/// The grammar lets `~ a & b` mean `~ (a & b)`, so its tree serves only to find the links of the
/// chain: everything without parentheses that binds tighter than BETWEEN, IN and LIKE.
final class OperatorChain {
  private static final int OTHER = 1;
  private static final int SUM = 2;
  private static final int PRODUCT = 3;
  private static final int POWER = 4;
  private static final int AT_TIME_ZONE = 5;
  private static final int COLLATION = 6;
  private static final int CAST = 7;

  private final Lowering lowering;
  private final List<Link> links = new ArrayList<>();
  private int at;

  private OperatorChain(Lowering lowering) {
    this.lowering = lowering;
  }

  /// Whether a tree is one operator of such a chain with its operands.
  static boolean isLink(ParserRuleContext tree) {
    ParseTree operator = tree.getChild(ExpressionLowering.isExpression(tree.getChild(0)) ? 1 : 0);
    return switch (operator) {
      case OpContext other -> true;
      case Collate_identifierContext collation -> true;
      case TerminalNode word -> isLinkWord(word.getSymbol().getType());
      default -> false;
    };
  }

  static Expression lower(Lowering lowering, ParserRuleContext tree) {
    OperatorChain chain = new OperatorChain(lowering);
    chain.addLinks(tree);
    return chain.read(0).expression;
  }

  /// A part of the chain, in the order of the text.
  private sealed interface Link {
    Span span();

    record Operand(Span span, Expression expression) implements Link {}

    record Sign(Span span, Operator operator, int level) implements Link {}

    record TimeZone(Span span) implements Link {}

    record Collation(Span span, QualifiedName name) implements Link {}

    record Type(Span span, TypeName type) implements Link {}
  }

  private void addLinks(ParserRuleContext tree) {
    for (ParseTree child : tree.children) {
      switch (child) {
        case OpContext op ->
            links.add(new Link.Sign(Span.of(op), lowering.expressions.operator(op), OTHER));
        case Collate_identifierContext collate ->
            links.add(
                new Link.Collation(Span.of(collate), lowering.names.qualified(collate.collation)));
        case Data_typeContext type ->
            links.add(new Link.Type(Span.of(type), lowering.phrases.type(type)));
        case TerminalNode word -> addWord(word);
        case ParserRuleContext operand when isLink(operand) -> addLinks(operand);
        case ParserRuleContext operand ->
            links.add(new Link.Operand(Span.of(operand), lowering.expressions.lowerRight(operand)));
        default -> throw new IllegalStateException(child.getText());
      }
    }
  }

  private void addWord(TerminalNode word) {
    Span span = Span.of(word.getSymbol());
    int type = word.getSymbol().getType();
    Operator operator = Operator.of(word.getText());
    switch (type) {
      case SQLLexer.AT -> links.add(new Link.TimeZone(span));
      case SQLLexer.PLUS, SQLLexer.MINUS -> links.add(new Link.Sign(span, operator, SUM));
      case SQLLexer.EXP -> links.add(new Link.Sign(span, operator, POWER));
      case SQLLexer.TIME, SQLLexer.ZONE, SQLLexer.CAST_EXPRESSION -> {}
      default -> links.add(new Link.Sign(span, operator, PRODUCT));
    }
  }

  private static boolean isLinkWord(int type) {
    return switch (type) {
      case SQLLexer.AT,
          SQLLexer.PLUS,
          SQLLexer.MINUS,
          SQLLexer.MULTIPLY,
          SQLLexer.DIVIDE,
          SQLLexer.MODULAR,
          SQLLexer.EXP,
          SQLLexer.CAST_EXPRESSION ->
          true;
      default -> false;
    };
  }

  /// An expression and the text it covers, which includes its parentheses.
  private record Covered(Expression expression, int start, int end) {
    Span to(int otherEnd) {
      return new Span(start, otherEnd);
    }
  }

  /// Reads on as long as the links bind at least as tight as a level.
  private Covered read(int lowest) {
    Covered left = readOperand();
    while (at < links.size() && level(links.get(at)) >= lowest) {
      left = readLink(value(left), links.get(at++));
    }
    return left;
  }

  private Covered readOperand() {
    return switch (links.get(at++)) {
      case Link.Operand(Span span, Expression expression) ->
          new Covered(expression, span.start(), span.end());
      case Link.Sign(Span span, Operator operator, int level) -> {
        Covered operand = value(read(level == SUM ? CAST : OTHER + 1));
        Span whole = new Span(span.start(), operand.end);
        yield covered(new Prefix(whole, operator, operand.expression));
      }
      case Link other -> throw Refusal.syntax(lowering.source, "syntax error", other.span());
    };
  }

  private Covered readLink(Covered left, Link link) {
    return switch (link) {
      case Link.Sign(Span span, Operator operator, int level) -> {
        Covered right = read(level + 1);
        yield covered(new Infix(left.to(right.end), left.expression, operator, right.expression));
      }
      case Link.TimeZone(Span span) -> {
        Covered zone = value(read(AT_TIME_ZONE + 1));
        yield covered(new AtTimeZone(left.to(zone.end), left.expression, zone.expression));
      }
      case Link.Collation(Span span, QualifiedName name) ->
          covered(new Collate(left.to(span.end()), left.expression, name));
      case Link.Type(Span span, TypeName type) ->
          covered(new Cast(left.to(span.end()), left.expression, type));
      case Link.Operand(Span span, Expression expression) ->
          throw Refusal.syntax(lowering.source, "syntax error", span);
    };
  }

  /// ANY and ALL are at home to the right of an operator only.
  private Covered value(Covered part) {
    lowering.expressions.refuseElements(part.expression);
    return part;
  }

  private static Covered covered(Expression expression) {
    return new Covered(expression, expression.span().start(), expression.span().end());
  }

  private static int level(Link link) {
    return switch (link) {
      case Link.Sign sign -> sign.level;
      case Link.TimeZone zone -> AT_TIME_ZONE;
      case Link.Collation collation -> COLLATION;
      case Link.Type type -> CAST;
      case Link.Operand operand -> 0;
    };
  }
}
