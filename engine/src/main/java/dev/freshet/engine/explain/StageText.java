package dev.freshet.engine.explain;

import dev.freshet.ExplainStage;
import dev.freshet.Explanation.Section;
import dev.freshet.compiler.Compiled;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.FunctionLayout;
import dev.freshet.compiler.explain.RelationText;
import dev.freshet.engine.install.Candidate;

/// One stage of a compiled view.
final class StageText {
  private StageText() {}

  static Section of(Candidate candidate, ExplainStage stage) {
    return switch (candidate.compiled()) {
      case Compiled.Full full ->
          new Section("Stage " + stage.label(), IncrementText.no(candidate, full));
      case Compiled.Incremental(Relation written, IncrementScript script) ->
          new Section(
              "Stage " + stage.label(),
              switch (stage) {
                case ALGEBRA -> RelationText.of(written);
                case SIMPLIFIED -> RelationText.of(script.plan().relation());
                case DELTA -> IncrementText.operators(candidate, script);
                case SQL -> FunctionLayout.lines(candidate.sql(script));
              });
    };
  }
}
