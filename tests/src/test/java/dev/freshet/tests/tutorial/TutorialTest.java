package dev.freshet.tests.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tutorial does what it says. With `-Dfreshet.update` it is rewritten with what was printed.
final class TutorialTest {
  private static final Path TUTORIAL = Path.of("../docs/tutorial.md");

  @TempDir private Path directory;

  @Test
  void everyBlockPrintsWhatIsShown() throws IOException, SQLException {
    List<Block> blocks = Block.parse(Files.readString(TUTORIAL));
    List<Block> printed = run(blocks);
    if (System.getProperty("freshet.update") != null) {
      Files.writeString(TUTORIAL, Block.print(printed));
    }
    assertThat(outputs(printed)).isEqualTo(outputs(blocks)).hasSizeGreaterThan(10);
  }

  @Test
  void whatVariesIsMaskedAndNothingElse() {
    assertThat(Mask.of(" 7 │ 2026-11-21 12:42:05 │ 101 ms │ 24 kB"))
        .isEqualTo(Mask.of(" 7 │ 2027-01-02 03:04:05 │   1.25 s  │ 8 kB"))
        .isNotEqualTo(Mask.of(" 8 │ 2026-11-21 12:42:05 │ 101 ms │ 24 kB"));
  }

  /// The same blocks, each output replaced by what was printed.
  private List<Block> run(List<Block> blocks) throws SQLException {
    List<Block> printed = new ArrayList<>();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.temporary());
        Reader reader = new Reader(server, directory)) {
      String output = "";
      for (Block block : blocks) {
        switch (block.kind()) {
          case OUTPUT -> {
            printed.add(block.with(output));
            output = "";
          }
          case SQL, SHELL, FILE -> {
            assertThat(output).as("output that is not shown").doesNotContain("ERROR:");
            printed.add(block);
            output = reader.follow(block);
          }
          case PROSE, OTHER -> printed.add(block);
        }
      }
    }
    return printed;
  }

  private static List<String> outputs(List<Block> blocks) {
    return blocks.stream()
        .filter(block -> block.kind() == Block.Kind.OUTPUT)
        .map(block -> Mask.of(block.text()))
        .toList();
  }
}
