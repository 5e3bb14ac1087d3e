package dev.freshet.compiler.sql;

import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Expression.ArrayOf;
import dev.freshet.compiler.sql.Expression.ArrayOfQuery;
import dev.freshet.compiler.sql.Expression.Case;
import dev.freshet.compiler.sql.Expression.Column;
import dev.freshet.compiler.sql.Expression.Constant;
import dev.freshet.compiler.sql.Expression.ConstantKind;
import dev.freshet.compiler.sql.Expression.Elements;
import dev.freshet.compiler.sql.Expression.ElementsOfQuery;
import dev.freshet.compiler.sql.Expression.Exists;
import dev.freshet.compiler.sql.Expression.Scalar;
import dev.freshet.compiler.sql.Expression.Selection;
import dev.freshet.compiler.sql.Expression.Star;
import dev.freshet.compiler.sql.Expression.Step;
import dev.freshet.compiler.sql.Expression.TypedConstant;
import dev.freshet.compiler.sql.Expression.When;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Array_elementsContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Array_expressionContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Case_expressionContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Comparison_modContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Expr_constContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.IndirectionContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Indirection_listContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Indirection_varContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Type_coercionContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Value_expression_primaryContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;

/// Lowers what expressions are built from: columns, constants, subqueries, CASE, arrays.
final class PrimaryLowering {
  private final Lowering lowering;

  PrimaryLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  Expression lower(Value_expression_primaryContext tree) {
    Span span = Span.of(tree);
    return switch (tree.getChild(0)) {
      case Expr_constContext constant -> lowerConstant(constant);
      case Case_expressionContext choice -> lowerCase(choice);
      case Comparison_modContext elements -> lowerElements(elements);
      case Indirection_varContext column -> lowerColumn(column);
      case Array_expressionContext array -> lowerArray(array);
      case Type_coercionContext constant -> lowerTypedConstant(constant);
      default -> lowerOther(tree, span);
    };
  }

  private Expression lowerOther(Value_expression_primaryContext tree, Span span) {
    if (tree.function_call() != null) {
      return lowering.calls.lower(tree.function_call());
    }
    if (tree.datetime_overlaps() != null) {
      List<Expression> values = lowering.expressions.lowerAll(tree.datetime_overlaps().vex());
      return new Expression.Overlaps(span, values.subList(0, 2), values.subList(2, 4));
    }
    if (tree.EXISTS() != null) {
      return new Exists(span, lowering.queries.lower(tree.table_subquery().select_stmt()));
    }
    if (tree.NULL() != null) {
      return new Constant(span, ConstantKind.NULL, "NULL");
    }
    if (tree.select_stmt_no_parens() == null) {
      return new Star(span, List.of());
    }
    Scalar scalar = new Scalar(span, lowering.queries.lower(tree.select_stmt_no_parens()));
    return tree.indirection_list() == null ? scalar : select(span, scalar, tree.indirection_list());
  }

  private Expression lowerConstant(Expr_constContext tree) {
    Span span = Span.of(tree);
    String text = lowering.source.slice(span);
    if (tree.truth_value() != null && tree.truth_value().ON() != null) {
      throw Refusal.syntax(lowering.source, tree.getStart());
    }
    if (tree.truth_value() != null) {
      return new Constant(span, ConstantKind.BOOLEAN, text);
    }
    return new Constant(
        span, tree.sconst() == null ? ConstantKind.NUMBER : ConstantKind.STRING, text);
  }

  private Expression lowerTypedConstant(Type_coercionContext tree) {
    TypeName type =
        tree.data_type() == null
            ? new TypeName(Span.of(tree.getStart()), tree.getStart().getText())
            : lowering.phrases.type(tree.data_type());
    String fields =
        tree.interval_field() == null ? "" : lowering.phrases.text(tree.interval_field());
    String value = lowering.source.slice(Span.of(tree.sconst()));
    return new TypedConstant(Span.of(tree), type, value, fields);
  }

  private Expression lowerCase(Case_expressionContext tree) {
    Expression operand = null;
    Expression otherwise = null;
    List<When> branches = new ArrayList<>();
    for (int i = 0; i + 1 < tree.getChildCount(); i++) {
      if (!(tree.getChild(i + 1) instanceof VexContext value)) {
        continue;
      }
      switch (Lowering.type(tree.getChild(i))) {
        case SQLLexer.CASE -> operand = lowering.expressions.lower(value);
        case SQLLexer.WHEN -> branches.add(lowerBranch(value, (VexContext) tree.getChild(i + 3)));
        case SQLLexer.ELSE -> otherwise = lowering.expressions.lower(value);
        default -> {}
      }
    }
    return new Case(Span.of(tree), operand, List.copyOf(branches), otherwise);
  }

  private When lowerBranch(VexContext condition, VexContext result) {
    return new When(lowering.expressions.lower(condition), lowering.expressions.lower(result));
  }

  private Expression lowerElements(Comparison_modContext tree) {
    Span span = Span.of(tree);
    boolean all = tree.ALL() != null;
    if (tree.vex() == null) {
      return new ElementsOfQuery(span, all, lowering.queries.lower(tree.select_stmt_no_parens()));
    }
    Expression array = lowering.expressions.lower(tree.vex());
    return array instanceof Scalar(Span inner, Query query)
        ? new ElementsOfQuery(span, all, query)
        : new Elements(span, all, array);
  }

  private Expression lowerArray(Array_expressionContext tree) {
    return tree.table_subquery() == null
        ? lowerArray(tree.array_elements())
        : new ArrayOfQuery(
            Span.of(tree), lowering.queries.lower(tree.table_subquery().select_stmt()));
  }

  private Expression lowerArray(Array_elementsContext tree) {
    List<Expression> elements = new ArrayList<>();
    for (ParseTree child : tree.children) {
      switch (child) {
        case VexContext value -> elements.add(lowering.expressions.lower(value));
        case Array_elementsContext inner -> elements.add(lowerArray(inner));
        default -> {}
      }
    }
    return new ArrayOf(Span.of(tree), List.copyOf(elements));
  }

  private Expression lowerColumn(Indirection_varContext tree) {
    if (tree.dollar_number() != null) {
      Problem problem = Problem.of("42P02", "there is no parameter " + tree.getStart().getText());
      throw Refusal.at(lowering.source, Span.of(tree.getStart()), problem);
    }
    List<String> path = new ArrayList<>(List.of(lowering.names.name(tree.identifier())));
    Indirection_listContext list = tree.indirection_list();
    List<IndirectionContext> steps = list == null ? List.of() : list.indirection();
    int names = 0;
    while (names < steps.size() && steps.get(names).col_label() != null) {
      path.add(lowering.names.name(steps.get(names++).col_label()));
    }
    boolean star = list != null && list.MULTIPLY() != null;
    if (star && names == steps.size()) {
      return new Star(Span.of(tree), List.copyOf(path));
    }
    Span span =
        Span.of(
            tree.getStart(),
            names == 0 ? tree.identifier().getStop() : steps.get(names - 1).getStop());
    Column column = lowering.keep(new Column(span, List.copyOf(path)));
    return list == null || names == steps.size()
        ? column
        : select(Span.of(tree), column, steps.subList(names, steps.size()), star);
  }

  Expression select(Span span, Expression base, Indirection_listContext tree) {
    return select(span, base, tree.indirection(), tree.MULTIPLY() != null);
  }

  private Expression select(
      Span span, Expression base, List<IndirectionContext> trees, boolean star) {
    List<Step> steps = new ArrayList<>();
    trees.forEach(tree -> steps.add(lowerStep(tree)));
    if (star) {
      steps.add(new Step.AllFields());
    }
    return new Selection(span, base, List.copyOf(steps));
  }

  private Step lowerStep(IndirectionContext tree) {
    if (tree.col_label() != null) {
      return new Step.Field(lowering.names.name(tree.col_label()));
    }
    if (tree.COLON() == null) {
      return new Step.Element(lowering.expressions.lower(tree.vex(0)));
    }
    return new Step.Slice(bound(tree.getChild(1)), bound(tree.getChild(tree.getChildCount() - 2)));
  }

  private @Nullable Expression bound(ParseTree tree) {
    return tree instanceof VexContext value ? lowering.expressions.lower(value) : null;
  }
}
