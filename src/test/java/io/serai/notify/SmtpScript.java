package io.serai.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A mail server that answers what it is told, for what a good one never does: by the first word of a command, {@code RCPT}
 * also with its address, {@code CONNECT} for the greeting and {@code END} for the end of the mail. {@code HANG} is no answer,
 * {@code ENDLESS} one whose lines do not end.
 */
final class SmtpScript implements AutoCloseable {
    private final ServerSocket server;
    private final Map<String, String> answers;
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    SmtpScript(Map<String, String> answers) throws IOException {
        this.answers = answers;
        this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "smtp-script");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The mails whose last line came, answered or not. */
    List<String> mails() {
        return mails;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                open.add(socket);
                talk(socket);
            } catch (IOException e) {
                // The client has gone, or the test is over.
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        say(socket, "CONNECT", "220 ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String word = line.split("[ :]")[0].toUpperCase();
            if (word.equals("RCPT")) {
                String address = line.replaceAll(".*<(.*)>.*", "$1");
                say(socket, answers.containsKey(address) ? address : "RCPT", "250 ok");
            } else if (word.equals("DATA") && !answers.containsKey("DATA")) {
                say(socket, "DATA", "354 go on");
                StringBuilder mail = new StringBuilder();
                for (String part = in.readLine(); part != null && !part.equals("."); part = in.readLine()) {
                    mail.append(part).append('\n');
                }
                mails.add(mail.toString());
                say(socket, "END", "250 taken");
            } else {
                say(socket, word, word.equals("QUIT") ? "221 bye" : "250 ok");
            }
        }
    }

    private void say(Socket socket, String word, String usual) throws IOException {
        String answer = answers.getOrDefault(word, usual);
        while (answer.equals("ENDLESS")) {
            write(socket, "250-and more");
            LockSupport.parkNanos(20_000_000);
        }
        if (!answer.equals("HANG")) {
            write(socket, answer);
        }
    }

    private static void write(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
