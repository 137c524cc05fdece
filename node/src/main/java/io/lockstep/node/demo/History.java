package io.lockstep.node.demo;

import java.util.List;
import java.util.Map;

/**
 * A history of files and the tree that it must end in; the tree was not made from the commits.
 *
 * @param commits oldest first
 * @param finalTree mode and blob of every file at the end, by path
 * @param real whether it is a real git history
 * @param description where it comes from, one line
 */
record History(List<Commit> commits, Map<String, FileVersion> finalTree, boolean real, String description) {
    /**
     * One commit.
     *
     * @param author numbered from 0
     * @param timeMs when, milliseconds since 1970
     * @param changes each path once
     */
    record Commit(int author, long timeMs, List<FileChange> changes) {}

    /**
     * What became of one file.
     *
     * @param path the raw bytes of its name, a char each
     * @param version null if it was deleted
     */
    record FileChange(String path, FileVersion version) {}

    /**
     * What a file holds.
     *
     * @param mode for example 100644
     * @param blob id of its content
     */
    record FileVersion(String mode, String blob) {}

    int authors() {
        return 1 + commits.stream().mapToInt(Commit::author).max().orElse(-1);
    }
}
