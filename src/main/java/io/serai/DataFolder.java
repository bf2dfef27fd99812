package io.serai;

import io.serai.config.ConfigurationError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The data folder, ours alone while this runs: two servers on one embedded ledger would not see each other's leases. */
final class DataFolder implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws ConfigurationError when it cannot be written or another server has it */
    static DataFolder take(Path folder) {
        try {
            make(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("serai.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new ConfigurationError(
                        "serai.data",
                        "another Serai runs on " + folder,
                        "Stop it or choose another folder with --data");
            }
            return new DataFolder(channel, lock);
        } catch (IOException e) {
            throw new ConfigurationError(
                    "serai.data", "the folder " + folder + " cannot be written", "Make it writable or choose another");
        }
    }

    /** For our eyes only: the ledger holds what others said in confidence. A folder that is there keeps its permissions. */
    private static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
