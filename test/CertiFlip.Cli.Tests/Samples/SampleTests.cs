using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Samples;

/// <summary>
/// What the samples print is what was approved. Those that pages show are in <see cref="Docs.ReadmeTests"/> and
/// <see cref="Docs.CaseTests"/>.
/// </summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Shared_memory() => Matches("SharedMemory", await SampleProgram.OutputOf("SharedMemory"));

    [Fact]
    public async Task Custom_learner()
    {
        using TestFolder folder = await Digits();
        Matches("CustomLearner", await SampleProgram.OutputOf("CustomLearner", folder["train.csv"], folder["test.csv"]));
    }

    [Fact]
    public async Task Certified_embeddings()
    {
        using TestFolder folder = await Digits();
        await Invocation.Of(
            "features", "fit", "--map", "principal-components", "--components", "20", "--train", folder["train.csv"], "--out",
            folder["map"]);
        foreach (string name in new[] { "train", "test" })
            await Invocation.Of(
                "features", "apply", "--model", folder["map"], "--in", folder[$"{name}.csv"], "--out", folder[$"{name}.npy"]);
        Matches(
            "CertifyEmbeddings",
            await SampleProgram.OutputOf("CertifyEmbeddings", folder["train.npy"], folder["train.csv"], folder["test.npy"]));
    }

    private static void Matches(string sample, string output) =>
        Golden.Matches(output, "test", "CertiFlip.Cli.Tests", "Golden", $"sample-{sample}.txt");

    private static async Task<TestFolder> Digits()
    {
        var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder.Path);
        return folder;
    }
}
