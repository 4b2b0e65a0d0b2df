import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Members of a consumer group, one per thread, that run the graphs of a model folder with ONNX Runtime: every stage for every message.
 * Features are not computed here. They are looked up by the number in a message's id, in a file that bench/peers/feature-rows.ts wrote.
 * Arguments: broker, topic, group, verdict topic, model folder, file of rows, file to wait for, batch, threads.
 */
public final class OnnxConsumer {
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();

    private OnnxConsumer() {}

    public static void main(String[] given) throws Exception {
        Endpoints endpoints = new Endpoints(given[0], given[1], given[2], given[3], Path.of(given[6]), Integer.parseInt(given[7]));
        int threads = Integer.parseInt(given[8]);
        Rows rows = Rows.read(Path.of(given[5]));
        Model model = new Model(Path.of(given[4]));
        try (KafkaProducer<byte[], byte[]> producer = producer(endpoints.broker())) {
            List<Thread> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(() -> consume(endpoints, model, rows, producer));
                thread.setUncaughtExceptionHandler((ignored, error) -> {
                    error.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
                thread.start();
                running.add(thread);
            }
            System.out.println("ready");
            for (Thread thread : running) thread.join();
        }
    }

    /** Runs until the process is ended. Partitions stay paused until the file `go` appears. */
    private static void consume(Endpoints endpoints, Model model, Rows rows, KafkaProducer<byte[], byte[]> producer) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(endpoints)) {
            boolean[] going = {false};
            consumer.subscribe(List.of(endpoints.topic()), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    if (!going[0]) consumer.pause(partitions);
                }
            });
            Scorer scorer = new Scorer(model, rows);
            while (true) {
                if (!going[0] && Files.exists(endpoints.go())) {
                    going[0] = true;
                    consumer.resume(consumer.assignment());
                }
                ConsumerRecords<byte[], byte[]> records = consumer.poll(going[0] ? WAIT : Duration.ofMillis(20));
                if (records.isEmpty()) continue;
                score(records, scorer, endpoints, producer);
                consumer.commitSync();
            }
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private static void score(
            ConsumerRecords<byte[], byte[]> records, Scorer scorer, Endpoints endpoints, KafkaProducer<byte[], byte[]> producer)
            throws Exception {
        List<JsonNode> messages = new ArrayList<>(records.count());
        int[] numbers = new int[records.count()];
        for (ConsumerRecord<byte[], byte[]> each : records) {
            JsonNode message = JSON.readTree(each.value());
            String id = message.get("message_id").textValue();
            numbers[messages.size()] = Integer.parseInt(id, id.lastIndexOf('-') + 1, id.length(), 10);
            messages.add(message);
        }
        double[] probabilities = scorer.probabilities(numbers);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        String now = Instant.now().toString();
        for (int row = 0; row < probabilities.length; row++) {
            if (!(probabilities[row] > scorer.rejectMax())) continue;
            byte[] verdict = JSON.writeValueAsBytes(verdict(messages.get(row), probabilities[row], now));
            sent.add(producer.send(new ProducerRecord<>(endpoints.verdicts(), verdict)));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) each.get();
    }

    private static ObjectNode verdict(JsonNode message, double probability, String now) {
        ObjectNode verdict = JSON.createObjectNode();
        verdict.put("community", message.path("community").asText(""));
        verdict.put("message_id", message.get("message_id").textValue());
        verdict.put("verdict", "spam");
        verdict.put("probability", probability);
        verdict.put("probability_min", probability);
        verdict.put("probability_max", probability);
        verdict.put("model", "onnxruntime-java");
        verdict.put("decided_by", "model");
        verdict.putArray("reasons");
        verdict.put("scored_at", now);
        return verdict;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Endpoints endpoints) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", endpoints.broker(),
                        "group.id", endpoints.group(),
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "max.poll.records", String.valueOf(endpoints.batch())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(String broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker, "acks", "all"), new ByteArraySerializer(), new ByteArraySerializer());
    }

    record Endpoints(String broker, String topic, String group, String verdicts, Path go, int batch) {}

    /** Feature rows, ids and counts of the two families, as bench/peers/feature-rows.ts lays them out; little-endian throughout. */
    static final class Rows {
        static final int FAMILIES = 2;
        /** Per message number, its row. */
        final IntBuffer rowOf;
        /** Per family, where each row begins, and where the last one ends. */
        final IntBuffer[] starts = new IntBuffer[FAMILIES];
        final IntBuffer[] ids = new IntBuffer[FAMILIES];
        final FloatBuffer[] counts = new FloatBuffer[FAMILIES];
        /** Per row, 1 where no feature is of the content. */
        final ByteBuffer blank;

        private Rows(ByteBuffer file) {
            int messages = file.getInt();
            int rows = file.getInt();
            rowOf = ints(file, messages);
            for (int family = 0; family < FAMILIES; family++) {
                starts[family] = ints(file, rows + 1);
                int entries = starts[family].get(rows);
                ids[family] = ints(file, entries);
                counts[family] = ints(file, entries, ByteBuffer::asFloatBuffer);
            }
            blank = file.slice(file.position(), rows);
        }

        static Rows read(Path path) throws Exception {
            byte[] bytes = Files.readAllBytes(path);
            return new Rows(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }

        int size(int family, int row) {
            return starts[family].get(row + 1) - starts[family].get(row);
        }

        private static IntBuffer ints(ByteBuffer file, int length) {
            return ints(file, length, ByteBuffer::asIntBuffer);
        }

        private static <T> T ints(ByteBuffer file, int length, java.util.function.Function<ByteBuffer, T> as) {
            ByteBuffer part = file.slice(file.position(), length * 4).order(ByteOrder.LITTLE_ENDIAN);
            file.position(file.position() + length * 4);
            return as.apply(part);
        }
    }

    /** The manifest and its graphs; shared by threads. */
    static final class Model {
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        final List<Stage> stages = new ArrayList<>();
        final Blend blend;
        final double prior;
        final double rejectMax;

        Model(Path folder) throws Exception {
            JsonNode manifest = JSON.readTree(folder.resolve("manifest.json").toFile());
            blend = Blend.of(manifest);
            prior = manifest.get("prior").doubleValue();
            rejectMax = manifest.at("/thresholds/rejectMax").doubleValue();
            for (JsonNode stage : manifest.get("stages")) {
                OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                OrtSession session = environment.createSession(folder.resolve(stage.get("file").textValue()).toString(), options);
                stages.add(Stage.of(stage, manifest.at("/vocabulary/sizes"), session));
            }
        }
    }

    /** Turns the values of base models into a probability. `trees`: how many trees a forest has; 1 for any other base model. */
    record Blend(boolean identity, double bias, double scale, double shift, double[] min, double[] max, double[] weights, int[] trees) {
        static Blend of(JsonNode manifest) {
            JsonNode blender = manifest.get("blender");
            JsonNode members = manifest.get("members");
            int count = members.size();
            double[] min = new double[count];
            double[] max = new double[count];
            double[] weights = new double[count];
            int[] trees = new int[count];
            for (int m = 0; m < count; m++) {
                min[m] = members.get(m).get("min").doubleValue();
                max[m] = members.get(m).get("max").doubleValue();
                weights[m] = members.get(m).get("weight").doubleValue();
            }
            for (JsonNode stage : manifest.get("stages"))
                if (stage.has("trees")) trees[stage.get("member").intValue()] += stage.get("trees").intValue();
            for (int m = 0; m < count; m++) trees[m] = Math.max(1, trees[m]);
            return new Blend(
                    blender.get("kind").textValue().equals("identity"),
                    blender.path("bias").asDouble(0),
                    blender.at("/calibration/scale").asDouble(1),
                    blender.at("/calibration/shift").asDouble(0),
                    min,
                    max,
                    weights,
                    trees);
        }

        double probability(double[] values) {
            double sum = bias;
            for (int m = 0; m < values.length; m++)
                sum += weights[m] * Math.max(min[m], Math.min(values[m] / trees[m], max[m]));
            return identity ? Math.max(0, Math.min(sum, 1)) : 1 / (1 + Math.exp(-(scale * sum + shift)));
        }
    }

    /** One graph, its inputs and outputs. `familyIndexes`: 0 for words, 1 for grams. `columnOf`: of trees, per family a feature's column or -1. */
    record Stage(String kind, String[] families, int[] familyIndexes, int[] paddings, int[] members, int[][] columnOf, int width, OrtSession session) {
        static Stage of(JsonNode stage, JsonNode sizes, OrtSession session) {
            String kind = stage.get("kind").textValue();
            int count = stage.get("families").size();
            String[] families = new String[count];
            int[] familyIndexes = new int[count];
            int[] paddings = new int[count];
            int[][] columnOf = new int[count][];
            int width = 0;
            for (int f = 0; f < count; f++) {
                families[f] = stage.get("families").get(f).textValue();
                familyIndexes[f] = families[f].equals("words") ? 0 : 1;
                paddings[f] = sizes.get(families[f]).intValue();
                columnOf[f] = new int[paddings[f]];
                Arrays.fill(columnOf[f], -1);
                for (JsonNode id : stage.path("columns").path(families[f])) columnOf[f][id.intValue()] = width++;
            }
            int[] members = {stage.path("member").asInt()};
            if (kind.equals("linear")) {
                members = new int[stage.get("members").size()];
                for (int i = 0; i < members.length; i++) members[i] = stage.get("members").get(i).intValue();
            }
            return new Stage(kind, families, familyIndexes, paddings, members, columnOf, Math.max(1, width), session);
        }
    }

    /** Scores messages in one thread, with the same graphs and batch shapes as Sluice's threads. */
    static final class Scorer {
        private static final int LINEAR_CELLS = 16_384;
        private static final int TREE_CELLS = 524_288;
        private static final int TREE_ROWS = 256;
        private static final int SHORTEST = 8;
        private final Model model;
        private final Rows rows;
        private final FloatBuffer cells = floats(TREE_CELLS);
        private final Map<Stage, Map<Long, Group>> groups = new IdentityHashMap<>();

        Scorer(Model model, Rows rows) {
            this.model = model;
            this.rows = rows;
        }

        double rejectMax() {
            return model.rejectMax;
        }

        /** `numbers`: of the messages. Returns their probabilities. */
        double[] probabilities(int[] numbers) throws OrtException {
            int[] rowOf = new int[numbers.length];
            int open = 0;
            int[] at = new int[numbers.length];
            double[] probabilities = new double[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                rowOf[i] = rows.rowOf.get(numbers[i]);
                if (rows.blank.get(rowOf[i]) == 1) probabilities[i] = model.prior;
                else at[open++] = i;
            }
            at = Arrays.copyOf(at, open);
            // A forest's blocks add to one base model.
            double[][] values = new double[numbers.length][model.blend.weights().length];
            for (Stage stage : model.stages) {
                if (stage.kind().equals("linear")) runLinear(stage, at, rowOf, values);
                else runTrees(stage, at, rowOf, values);
            }
            for (int i : at) probabilities[i] = model.blend.probability(values[i]);
            return probabilities;
        }

        private void runLinear(Stage stage, int[] at, int[] rowOf, double[][] values) throws OrtException {
            Map<Long, Group> waiting = groups.computeIfAbsent(stage, ignored -> new HashMap<>());
            for (int i : at) {
                long key = 0;
                int[] lengths = new int[stage.familyIndexes().length];
                for (int f = 0; f < lengths.length; f++) {
                    lengths[f] = paddedLength(rows.size(stage.familyIndexes()[f], rowOf[i]));
                    key = key * (1 << 20) + lengths[f];
                }
                Group group = waiting.computeIfAbsent(key, ignored -> new Group(lengths));
                group.add(i, rowOf[i], stage, rows);
                if (group.size == group.capacity) runGroup(stage, group, values);
            }
            for (Group group : waiting.values()) if (group.size > 0) runGroup(stage, group, values);
        }

        private void runGroup(Stage stage, Group group, double[][] values) throws OrtException {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            try {
                for (int f = 0; f < group.lengths.length; f++) {
                    long[] shape = {group.size, group.lengths[f]};
                    int cells = group.size * group.lengths[f];
                    String family = stage.families()[f];
                    inputs.put("ids_" + family, OnnxTensor.createTensor(model.environment, group.ids[f].slice(0, cells), shape));
                    inputs.put("counts_" + family, OnnxTensor.createTensor(model.environment, group.counts[f].slice(0, cells), shape));
                }
                try (OrtSession.Result result = stage.session().run(inputs)) {
                    FloatBuffer scores = ((OnnxTensor) result.get("scores").orElseThrow()).getFloatBuffer();
                    int count = stage.members().length;
                    for (int row = 0; row < group.size; row++)
                        for (int m = 0; m < count; m++) values[group.at[row]][stage.members()[m]] = scores.get(row * count + m);
                }
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
            group.size = 0;
        }

        private void runTrees(Stage stage, int[] at, int[] rowOf, double[][] values) throws OrtException {
            int width = stage.width();
            int most = Math.max(1, Math.min(TREE_ROWS, TREE_CELLS / width));
            String output = stage.kind().equals("trees") ? "probability" : "tree_sum";
            int member = stage.members()[0];
            for (int begin = 0; begin < at.length; begin += most) {
                int size = Math.min(most, at.length - begin);
                for (int i = 0; i < size; i++)
                    for (int f = 0; f < stage.familyIndexes().length; f++) setCells(stage, f, rowOf[at[begin + i]], i * width, false);
                long[] shape = {size, width};
                try (OnnxTensor columns = OnnxTensor.createTensor(model.environment, cells.slice(0, size * width), shape);
                        OrtSession.Result result = stage.session().run(Map.of("columns", columns))) {
                    FloatBuffer outputs = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
                    for (int i = 0; i < size; i++) values[at[begin + i]][member] += outputs.get(i);
                }
                for (int i = 0; i < size; i++)
                    for (int f = 0; f < stage.familyIndexes().length; f++) setCells(stage, f, rowOf[at[begin + i]], i * width, true);
            }
        }

        private void setCells(Stage stage, int f, int row, int from, boolean clear) {
            int family = stage.familyIndexes()[f];
            int end = rows.starts[family].get(row + 1);
            for (int k = rows.starts[family].get(row); k < end; k++) {
                int column = stage.columnOf()[f][rows.ids[family].get(k)];
                if (column >= 0) cells.put(from + column, clear ? 0 : rows.counts[family].get(k));
            }
        }

        static int paddedLength(int size) {
            int length = SHORTEST;
            while (length < size) {
                if (length + length / 2 >= size) return length + length / 2;
                length *= 2;
            }
            return length;
        }

        static FloatBuffer floats(int length) {
            return ByteBuffer.allocateDirect(length * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        /** Rows of the same padded lengths, waiting to be run together. */
        private static final class Group {
            final int[] lengths;
            final int capacity;
            final int[] at;
            final IntBuffer[] ids;
            final FloatBuffer[] counts;
            int size = 0;

            Group(int[] lengths) {
                this.lengths = lengths;
                this.capacity = Math.max(1, LINEAR_CELLS / Arrays.stream(lengths).sum());
                this.at = new int[capacity];
                this.ids = new IntBuffer[lengths.length];
                this.counts = new FloatBuffer[lengths.length];
                for (int f = 0; f < lengths.length; f++) {
                    ids[f] = ByteBuffer.allocateDirect(capacity * lengths[f] * 4).order(ByteOrder.nativeOrder()).asIntBuffer();
                    counts[f] = floats(capacity * lengths[f]);
                }
            }

            void add(int message, int row, Stage stage, Rows rows) {
                for (int f = 0; f < lengths.length; f++) {
                    int family = stage.familyIndexes()[f];
                    int start = rows.starts[family].get(row);
                    int found = rows.size(family, row);
                    int from = size * lengths[f];
                    ids[f].put(from, rows.ids[family], start, found);
                    counts[f].put(from, rows.counts[family], start, found);
                    for (int k = found; k < lengths[f]; k++) {
                        ids[f].put(from + k, stage.paddings()[f]);
                        counts[f].put(from + k, 0);
                    }
                }
                at[size++] = message;
            }
        }
    }
}
