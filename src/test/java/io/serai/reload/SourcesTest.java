package io.serai.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    Path folder;

    private Sources sources;
    private int copies;

    @BeforeEach
    void files() throws IOException {
        write("routes/core/alert-route.camel.yaml", "one");
        write("routes/providers/acme/acme.jq", ".");
        write("routes/providers/acme/provider.yaml", "name: acme");
        write("routes/providers/acme/samples/firing.json", "{}");
        write("routes/providers/other/other.jq", ".");
        write("routes/providers/other/samples/firing.json", "{}");
        write("routes/notifiers/tell/tell.jq", ".");
        write("application.properties", "serai.port=0");
        sources = new Sources(folder.resolve("routes"), folder.resolve("application.properties"));
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private Snapshot snapshot() throws IOException {
        return Snapshot.take(sources, folder.resolve("copies/" + copies++), true);
    }

    @Test
    void anEditIsSeenAndWhatEditorsLeaveIsNot() throws IOException {
        Map<Path, Sources.Look> before = sources.look();
        write("routes/core/.alert-route.camel.yaml.swp", "x");
        write("routes/core/alert-route.camel.yaml~", "x");
        write("routes/core/4913", "x");
        write("routes/.git/config", "x");
        assertThat(sources.look()).isEqualTo(before);

        write("routes/core/alert-route.camel.yaml", "two, longer");
        assertThat(sources.look()).isNotEqualTo(before);
    }

    @Test
    void aFileThatTakesThePlaceOfOneOfTheSameSizeAndTimeIsSeen() throws IOException {
        Path file = folder.resolve("routes/core/alert-route.camel.yaml");
        Map<Path, Sources.Look> before = sources.look();
        Path other = Files.writeString(folder.resolve("other"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(sources.look()).isNotEqualTo(before);
    }

    @Test
    void aFolderBehindALinkIsFollowed() throws IOException {
        Path real = Files.createDirectories(folder.resolve("mounted"));
        Files.writeString(real.resolve("more.camel.yaml"), "one");
        Files.createSymbolicLink(folder.resolve("routes/linked"), real);
        Map<Path, Sources.Look> before = sources.look();
        Files.writeString(real.resolve("more.camel.yaml"), "two, longer");

        assertThat(sources.look()).isNotEqualTo(before);
        assertThat(snapshot().hashes()).containsKey("routes/linked/more.camel.yaml");
    }

    @Test
    void whatRunsHasChangedOnlyByWhatRuns() throws IOException {
        Snapshot before = snapshot();
        write("routes/providers/acme/samples/firing.json", "{\"a\":1}");
        write("routes/providers/acme/README.md", "new");
        assertThat(snapshot().changed(before)).isEmpty();

        write("routes/providers/acme/acme.jq", ".x");
        Files.delete(folder.resolve("routes/core/alert-route.camel.yaml"));
        assertThat(snapshot().changed(before))
                .containsExactly("routes/core/alert-route.camel.yaml", "routes/providers/acme/acme.jq");
        assertThat(snapshot().edit()).isEqualTo(snapshot().edit()).isNotEqualTo(before.edit());
    }

    /** Under load each file that is made costs a third of a millisecond: a thousand samples must not be. */
    @Test
    void samplesAreLinkedToAndOutliveTheCopy() throws IOException {
        write("routes/providers/acme/README.md", "new");
        Snapshot whole = snapshot();
        Path acme = whole.routes().resolve("providers/acme");

        assertThat(acme.resolve("samples")).isSymbolicLink();
        assertThat(acme.resolve("samples/firing.json")).hasContent("{}");
        assertThat(acme.resolve("README.md")).isSymbolicLink();
        assertThat(Files.isSymbolicLink(acme.resolve("acme.jq"))).isFalse();
        whole.delete();
        assertThat(whole.folder()).doesNotExist();
        assertThat(folder.resolve("routes/providers/acme/samples/firing.json")).hasContent("{}");
    }

    @Test
    void anEditIsCalledTheSameWithAndWithoutItsSamplesButIsCheckedAgainWhenOneChanged() throws IOException {
        Snapshot before = snapshot();
        assertThat(before.same(snapshot())).isTrue();
        assertThat(Snapshot.take(sources, folder.resolve("first"), false).edit())
                .as("that of a start, which needs no samples")
                .isEqualTo(before.edit());

        write("routes/providers/acme/samples/firing.json", "{\"a\":1}");
        assertThat(snapshot().same(before)).isFalse();
        assertThat(snapshot().edit()).isEqualTo(before.edit());
    }

    @Test
    void samplesAreTriedOfWhatChangedAndOfAllProvidersWhenADetectorDid() throws IOException {
        Snapshot before = snapshot();
        write("routes/notifiers/tell/tell.jq", ".x");
        write("routes/core/alert-route.camel.yaml", "two");
        assertThat(snapshot().touched(before)).containsExactly("notifiers/tell");

        write("routes/providers/acme/provider.yaml", "name: acme2");
        assertThat(snapshot().touched(before)).containsExactly("notifiers/tell", "providers/acme", "providers/other");
        assertThat(snapshot().edited(before)).containsExactly("notifiers/tell", "providers/acme");
    }

    @Test
    void settingsThatAreGoneAreMissed() throws IOException {
        Snapshot before = snapshot();
        Files.delete(folder.resolve("application.properties"));
        Snapshot without = snapshot();

        assertThat(without.keepsSettingsOf(before)).isFalse();
        assertThat(without.keepsSettingsOf(without)).isTrue();
        assertThat(without.settings()).isEmptyFile();
    }
}
