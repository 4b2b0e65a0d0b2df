/**
 * The program that runs HDFS: a NameNode and a DataNode in one process, on fixed ports, with data that outlives a kill.
 * Hadoop's own test cluster does the work. Arguments: folder, and ports of NameNode RPC and NameNode HTTP.
 */
export const hdfsMain = {
  name: 'SluiceHdfs',
  source: `import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

public class SluiceHdfs {
  public static void main(String[] args) throws Exception {
    File folder = new File(args[0]);
    Configuration settings = new Configuration();
    settings.set("hdfs.minidfs.basedir", folder.getPath());
    // Redirects lead to this name, and there must be nothing to look up.
    settings.set("dfs.datanode.hostname", "127.0.0.1");
    settings.set("dfs.datanode.address", "127.0.0.1:" + args[3]);
    settings.set("dfs.datanode.http.address", "127.0.0.1:" + args[4]);
    settings.set("dfs.datanode.ipc.address", "127.0.0.1:" + args[5]);
    settings.setInt("dfs.replication", 1);
    settings.setInt("dfs.namenode.safemode.extension", 0);
    settings.setBoolean("dfs.permissions.enabled", false);
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(settings, folder)
            .numDataNodes(1)
            .nameNodePort(Integer.parseInt(args[1]))
            .nameNodeHttpPort(Integer.parseInt(args[2]))
            .checkDataNodeHostConfig(true)
            .checkDataNodeAddrConfig(true)
            .format(!new File(folder, "name-0-1").exists())
            .build();
    cluster.waitActive();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cluster.shutdown(false, false)));
    System.out.println("SLUICE HDFS SERVES");
    Thread.currentThread().join();
  }
}
`,
} as const;
