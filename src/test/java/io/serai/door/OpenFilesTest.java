package io.serai.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault 71: as many connections as the process may open and leave files to the rest. */
class OpenFilesTest {
    @ParameterizedTest
    @CsvSource({
        // wished, files that may be open, files that are, connections
        "8192, 1048576, 300, 8192",
        "8192, 4096,    300, 3284",
        "8192, 1024,    300,  596",
        "8192,  400,    270,   66",
        "  50,  400,    270,   50",
        "8192,  300,    299,   16",
        "8192,   -1,     -1, 8192",
    })
    void leavesFilesToTheRest(int wished, long most, long open, int connections) {
        assertThat(OpenFiles.possible(wished, most, open)).isEqualTo(connections);
    }
}
