package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Expression.And;
import dev.freshet.compiler.sql.Expression.Between;
import dev.freshet.compiler.sql.Expression.Elements;
import dev.freshet.compiler.sql.Expression.ElementsOfQuery;
import dev.freshet.compiler.sql.Expression.InList;
import dev.freshet.compiler.sql.Expression.InQuery;
import dev.freshet.compiler.sql.Expression.Infix;
import dev.freshet.compiler.sql.Expression.Is;
import dev.freshet.compiler.sql.Expression.IsDistinct;
import dev.freshet.compiler.sql.Expression.Like;
import dev.freshet.compiler.sql.Expression.Not;
import dev.freshet.compiler.sql.Expression.Or;
import dev.freshet.compiler.sql.Expression.Row;
import dev.freshet.compiler.sql.Expression.Scalar;
import dev.freshet.compiler.sql.Expression.Star;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.IdentifierContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Indirection_listContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmt_no_parensContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Value_expression_primaryContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Vex_bContext;

/// Lowers comparisons, tests, AND, OR and NOT; `OperatorChain` does the operators that bind
/// tighter.
///
/// The grammar has two rules for expressions, `vex` and its restricted copy `vex_b`, whose
/// alternatives have no names: a tree is told apart by its first two children.
final class ExpressionLowering {
  /// Operators that cannot be chained: `a < b < c` is a syntax error.
  private static final Set<Integer> COMPARISONS =
      Set.of(
          SQLLexer.LTH,
          SQLLexer.GTH,
          SQLLexer.LEQ,
          SQLLexer.GEQ,
          SQLLexer.EQUAL,
          SQLLexer.NOT_EQUAL);

  private static final Set<Integer> MATCHES =
      Set.of(SQLLexer.IN, SQLLexer.BETWEEN, SQLLexer.LIKE, SQLLexer.ILIKE, SQLLexer.SIMILAR);
  private static final Set<Integer> TESTS = Set.of(SQLLexer.IS, SQLLexer.ISNULL, SQLLexer.NOTNULL);

  private final Lowering lowering;

  ExpressionLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  List<Expression> lowerAll(List<VexContext> trees) {
    return trees.stream().map(this::lower).toList();
  }

  /// Lowers an expression that is neither a star nor ANY or ALL.
  Expression lower(ParserRuleContext tree) {
    return refuseElements(lowerRight(tree));
  }

  /// Lowers an output column or the argument of a call, which can be a star.
  Expression lowerOrStar(ParserRuleContext tree) {
    return refuseElements(lowerAny(tree));
  }

  /// Lowers what stands to the right of an operator, where ANY and ALL are at home.
  Expression lowerRight(ParserRuleContext tree) {
    Expression expression = lowerAny(tree);
    if (expression instanceof Star star && star.qualifier().isEmpty()) {
      throw Refusal.syntax(lowering.source, tree.getStart());
    }
    return expression;
  }

  /// `a = ANY (b) || c` would be read as `a = (ANY (b) || c)`.
  Expression refuseElements(Expression expression) {
    if (expression instanceof Elements || expression instanceof ElementsOfQuery) {
      throw Refusal.notSupported(
          lowering.source,
          expression.span(),
          "an operator beside ANY or ALL needs parentheses",
          "Write the comparison with ANY or ALL in parentheses of its own.");
    }
    return expression;
  }

  private Expression lowerAny(ParserRuleContext tree) {
    if (tree.getChild(0) instanceof Value_expression_primaryContext primary) {
      return lowering.primaries.lower(primary);
    }
    if (OperatorChain.isLink(tree)) {
      return OperatorChain.lower(lowering, tree);
    }
    return switch (Lowering.type(tree.getChild(0))) {
      case SQLLexer.LEFT_PAREN -> lowerParentheses(tree);
      case SQLLexer.NOT -> new Not(Span.of(tree), operand(tree, 1));
      default -> lowerAfterOperand(tree);
    };
  }

  /// `(a)`, `(a).field` or `(a, b)`.
  private Expression lowerParentheses(ParserRuleContext tree) {
    List<Expression> elements = operands(tree, 0);
    if (elements.size() > 1) {
      return new Row(Span.of(tree), false, elements);
    }
    return tree.getChild(tree.getChildCount() - 1) instanceof Indirection_listContext steps
        ? lowering.primaries.select(Span.of(tree), elements.getFirst(), steps)
        : elements.getFirst();
  }

  private Expression lowerAfterOperand(ParserRuleContext tree) {
    refuseChain(tree);
    int word = operatorWord(tree);
    Span span = Span.of(tree);
    return switch (word) {
      case SQLLexer.AND -> new And(span, operandsOf(word, tree));
      case SQLLexer.OR -> new Or(span, operandsOf(word, tree));
      case SQLLexer.IN -> lowerIn(tree);
      case SQLLexer.BETWEEN -> lowerBetween(tree);
      case SQLLexer.LIKE, SQLLexer.ILIKE ->
          lowerLike(tree, word == SQLLexer.LIKE ? "LIKE" : "ILIKE");
      case SQLLexer.SIMILAR -> lowerLike(tree, "SIMILAR TO");
      case SQLLexer.IS -> lowerIs(tree);
      case SQLLexer.ISNULL -> new Is(span, operand(tree, 0), false, "NULL");
      case SQLLexer.NOTNULL -> new Is(span, operand(tree, 0), true, "NULL");
      default -> {
        Operator comparison = Operator.of(tree.getChild(1).getText());
        yield new Infix(span, operand(tree, 0), comparison, right(tree, 2));
      }
    };
  }

  /// The operands of `a AND b AND c` or the same with OR. PostgreSQL, too, makes one node of them
  /// and looks through parentheses on the left only. A loop, because such lists can be long.
  private List<Expression> operandsOf(int word, ParserRuleContext tree) {
    Deque<Expression> operands = new ArrayDeque<>();
    ParserRuleContext left = tree;
    while (operatorWord(left) == word) {
      operands.addFirst(operand(left, 2));
      left = (ParserRuleContext) left.getChild(0);
    }
    List<Expression> all = new ArrayList<>();
    switch (lower(left)) {
      case And(var span, var inner) when word == SQLLexer.AND -> all.addAll(inner);
      case Or(var span, var inner) when word == SQLLexer.OR -> all.addAll(inner);
      case Expression first -> all.add(first);
    }
    all.addAll(operands);
    return List.copyOf(all);
  }

  private Expression lowerIn(ParserRuleContext tree) {
    Expression operand = operand(tree, 0);
    List<Expression> elements = operands(tree, 1);
    Span span = Span.of(tree);
    for (ParseTree child : tree.children) {
      if (child instanceof Select_stmt_no_parensContext query) {
        return new InQuery(span, operand, isNegated(tree), lowering.queries.lower(query));
      }
    }
    return elements.size() == 1 && elements.getFirst() instanceof Scalar(Span inner, Query query)
        ? new InQuery(span, operand, isNegated(tree), query)
        : new InList(span, operand, isNegated(tree), elements);
  }

  private Expression lowerBetween(ParserRuleContext tree) {
    List<Expression> bounds = operands(tree, 1);
    boolean symmetric = hasWord(tree, SQLLexer.SYMMETRIC);
    return new Between(
        Span.of(tree),
        operand(tree, 0),
        isNegated(tree),
        symmetric,
        bounds.getFirst(),
        bounds.getLast());
  }

  private Expression lowerLike(ParserRuleContext tree, String kind) {
    int last = tree.getChildCount() - 1;
    boolean escaped = hasWord(tree, SQLLexer.ESCAPE);
    return new Like(
        Span.of(tree),
        operand(tree, 0),
        isNegated(tree),
        kind,
        right(tree, escaped ? last - 2 : last),
        escaped ? operand(tree, last) : null);
  }

  private Expression lowerIs(ParserRuleContext tree) {
    boolean negated = hasWord(tree, SQLLexer.NOT);
    Span span = Span.of(tree);
    if (hasWord(tree, SQLLexer.DISTINCT)) {
      return new IsDistinct(span, operand(tree, 0), negated, operands(tree, 1).getFirst());
    }
    if (hasWord(tree, SQLLexer.OF)) {
      throw lowering.notSupported(tree, "IS OF is not supported");
    }
    String property =
        tree.children.stream()
            .skip(negated ? 3 : 2)
            .map(child -> child.getText().toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    return new Is(span, operand(tree, 0), negated, property);
  }

  Operator operator(ParserRuleContext tree) {
    for (ParseTree child : tree.children) {
      if (child instanceof IdentifierContext schema) {
        String symbol = tree.getChild(tree.getChildCount() - 2).getText();
        return new Operator(lowering.names.name(schema), symbol);
      }
    }
    return Operator.of(tree.getText());
  }

  private Expression operand(ParserRuleContext tree, int child) {
    return lower((ParserRuleContext) tree.getChild(child));
  }

  private Expression right(ParserRuleContext tree, int child) {
    return lowerRight((ParserRuleContext) tree.getChild(child));
  }

  /// The expressions among the children from a place on.
  private List<Expression> operands(ParserRuleContext tree, int from) {
    return tree.children.stream()
        .skip(from)
        .filter(ExpressionLowering::isExpression)
        .map(child -> lower((ParserRuleContext) child))
        .toList();
  }

  /// PostgreSQL's operators of these levels have no associativity: one of them cannot follow an
  /// operand of another. What ends in a parenthesis or a word can go on: `a IN (1) IS NULL IS
  /// TRUE`.
  private void refuseChain(ParserRuleContext tree) {
    ParserRuleContext left = (ParserRuleContext) tree.getChild(0);
    while (endsWithOperand(left)) {
      refuseSameLevel(tree, left, tree);
      left = (ParserRuleContext) left.getChild(left.getChildCount() - 1);
    }
    if (endsWithOperand(tree)) {
      ParserRuleContext right = (ParserRuleContext) tree.getChild(tree.getChildCount() - 1);
      while (right.getChildCount() > 1 && isExpression(right.getChild(0))) {
        refuseSameLevel(tree, right, right);
        right = (ParserRuleContext) right.getChild(0);
      }
    }
  }

  /// @param second the one of both whose operator is the second in the text
  private void refuseSameLevel(ParserRuleContext a, ParserRuleContext b, ParserRuleContext second) {
    for (Set<Integer> level : List.of(COMPARISONS, MATCHES, TESTS)) {
      if (level.contains(operatorWord(a)) && level.contains(operatorWord(b))) {
        throw Refusal.syntax(lowering.source, ((TerminalNode) second.getChild(1)).getSymbol());
      }
    }
  }

  /// Whether a tree can go on to the right: ANY and ALL end with a parenthesis.
  private static boolean endsWithOperand(ParserRuleContext tree) {
    ParseTree last = tree.getChild(tree.getChildCount() - 1);
    boolean isElements =
        last.getChild(0) instanceof Value_expression_primaryContext primary
            && primary.comparison_mod() != null;
    return tree.getChildCount() > 1 && isExpression(last) && !isElements;
  }

  /// The word or sign after the left operand, behind NOT.
  private static int operatorWord(ParserRuleContext tree) {
    int word = Lowering.type(tree.getChild(1));
    return word == SQLLexer.NOT ? Lowering.type(tree.getChild(2)) : word;
  }

  /// Whether NOT stands before the operator.
  private static boolean isNegated(ParserRuleContext tree) {
    return Lowering.type(tree.getChild(1)) == SQLLexer.NOT;
  }

  static boolean isExpression(ParseTree tree) {
    return tree instanceof VexContext || tree instanceof Vex_bContext;
  }

  private static boolean hasWord(ParserRuleContext tree, int word) {
    return tree.children.stream().anyMatch(child -> Lowering.type(child) == word);
  }
}
