using CertiFlip.Kernels;

namespace CertiFlip.Tests.Isolation;

/// <summary>What a child without vector instructions does for <see cref="WithoutVectorsTests"/>.</summary>
public class NumbersSnapshotTests
{
    internal const string FileVariable = "CERTIFLIP_TESTS_SNAPSHOT";

    [Fact]
    public async Task Snapshot_is_written_where_it_is_asked_for()
    {
        string? file = Environment.GetEnvironmentVariable(FileVariable);
        Assert.SkipWhen(file is null, "Nobody asked for a snapshot.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllLinesAsync(file, NumbersSnapshot.Take(cancellation).Select(row => row.ToString()), cancellation);
    }

    [Fact]
    public void Child_has_the_scalar_kernels_alone()
    {
        Assert.SkipUnless(ChildRun.IsChild, "Only where vector instructions are switched off.");
        Assert.Equal("scalar", Assert.Single(KernelSet.All).Name);
    }
}
