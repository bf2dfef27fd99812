import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pushes one value to a Zabbix server, as zabbix_sender does: PORT HOST KEY VALUE. Fails unless it was processed. */
class Push {
    public static void main(String[] arguments) throws Exception {
        byte[] json = """
                {"request": "sender data", "data": [{"host": "%s", "key": "%s", "value": "%s"}]}
                """.formatted(arguments[1], arguments[2], arguments[3]).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(arguments[0]))) {
            ByteBuffer message = ByteBuffer.allocate(13 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            socket.getOutputStream().write(message.put("ZBXD\1".getBytes(StandardCharsets.US_ASCII)).putLong(json.length).put(json).array());
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println(answer);
            System.exit(answer.contains("processed: 1;") ? 0 : 1);
        }
    }
}
