package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.sql.Expression.Aggregation;
import dev.freshet.compiler.sql.Expression.Argument;
import dev.freshet.compiler.sql.Expression.Call;
import dev.freshet.compiler.sql.Expression.Cast;
import dev.freshet.compiler.sql.Expression.Construct;
import dev.freshet.compiler.sql.Expression.Keyword;
import dev.freshet.compiler.sql.Expression.Over;
import dev.freshet.compiler.sql.Expression.Row;
import dev.freshet.compiler.sql.Expression.Special;
import dev.freshet.compiler.sql.Query.SortKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Cast_specificationContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Function_callContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Function_constructContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Orderby_clauseContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Schema_qualified_name_nontypeContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Vex_or_named_notationContext;

/// Lowers function calls and the syntax that looks like them.
final class CallLowering {
  private final Lowering lowering;

  CallLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  Expression lower(Function_callContext tree) {
    if (tree.schema_qualified_name_nontype() != null) {
      return lowerCall(tree);
    }
    if (tree.function_construct() != null) {
      return lowerConstruct(tree.function_construct());
    }
    if (tree.system_function() != null && tree.system_function().cast_specification() != null) {
      return lowerCast(tree.system_function().cast_specification());
    }
    if (tree.system_function() != null || tree.date_time_function() != null) {
      return new Keyword(Span.of(tree), lowering.phrases.text(tree));
    }
    if (tree.merge_support_function() != null) {
      throw lowering.notSupported(tree, "merge_action() is not allowed in the query of a view");
    }
    return new Special(Span.of(tree), lowering.phrases.lower(tree));
  }

  private Call lowerCall(Function_callContext tree) {
    return new Call(
        Span.of(tree),
        name(tree.schema_qualified_name_nontype()),
        tree.vex_or_named_notation().stream().map(this::lowerArgument).toList(),
        lowerAggregation(tree),
        lowerOver(tree));
  }

  private QualifiedName name(Schema_qualified_name_nontypeContext tree) {
    return tree.schema == null
        ? QualifiedName.of(lowering.names.name(tree.identifier_nontype()))
        : new QualifiedName(
            lowering.names.name(tree.schema),
            lowering.names.name(tree.identifier_reserved_nontype()));
  }

  private Argument lowerArgument(Vex_or_named_notationContext tree) {
    return new Argument(
        tree.identifier() == null ? null : lowering.names.name(tree.identifier()),
        tree.VARIADIC() != null,
        lowering.expressions.lowerOrStar(tree.vex()));
  }

  private Aggregation lowerAggregation(Function_callContext tree) {
    boolean within = tree.WITHIN() != null;
    List<Orderby_clauseContext> orders = tree.orderby_clause();
    boolean ordered = orders.size() > (within ? 1 : 0);
    return new Aggregation(
        tree.set_qualifier() != null && tree.set_qualifier().DISTINCT() != null,
        ordered ? lowerOrder(orders.getFirst()) : List.of(),
        within ? lowerOrder(orders.getLast()) : List.of(),
        tree.filter_clause() == null
            ? null
            : lowering.expressions.lower(tree.filter_clause().vex()));
  }

  private List<SortKey> lowerOrder(Orderby_clauseContext tree) {
    return lowering.selects.lowerOrder(tree);
  }

  private @Nullable Over lowerOver(Function_callContext tree) {
    if (tree.OVER() == null) {
      return null;
    }
    return tree.identifier() == null
        ? new Over.Inline(lowering.selects.lowerWindow(tree.window_definition()))
        : new Over.Named(lowering.names.name(tree.identifier()));
  }

  private Expression lowerConstruct(Function_constructContext tree) {
    List<Expression> arguments = lowering.expressions.lowerAll(tree.vex());
    if (tree.ROW() != null) {
      return new Row(Span.of(tree), true, arguments);
    }
    String keyword = tree.getStart().getText().toUpperCase(Locale.ROOT);
    boolean two = arguments.size() == 2;
    if (tree.NULLIF() != null && !two) {
      throw syntaxErrorAtEnd(tree);
    }
    return new Construct(Span.of(tree), keyword, arguments);
  }

  private CompileException syntaxErrorAtEnd(Function_constructContext tree) {
    return Refusal.syntax(lowering.source, tree.getStop());
  }

  private Expression lowerCast(Cast_specificationContext tree) {
    if (tree.getStart().getType() == SQLLexer.TREAT) {
      throw lowering.notSupported(tree, "TREAT is not supported");
    }
    return new Cast(
        Span.of(tree),
        lowering.expressions.lower(tree.vex()),
        lowering.phrases.type(tree.data_type()));
  }
}
