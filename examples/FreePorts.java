import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Prints free loopback ports, one a line: as many as the first argument says, above the second one if there is one. */
class FreePorts {
    public static void main(String[] arguments) throws IOException {
        ServerSocket[] held = new ServerSocket[Integer.parseInt(arguments[0])];
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        for (int i = 0; i < held.length; i++) {
            while (held[i] == null) {
                try {
                    held[i] = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                } catch (IOException taken) {
                    if (port == 0) {
                        throw taken;
                    }
                }
                port += port == 0 ? 0 : 1;
            }
            System.out.println(held[i].getLocalPort());
        }
        for (ServerSocket each : held) {
            each.close();
        }
    }
}
