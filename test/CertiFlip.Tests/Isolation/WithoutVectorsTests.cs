using CertiFlip.Tests.Exact;
using CertiFlip.Tests.Kernels;
using CertiFlip.Tests.Smoothed;
using CertiFlip.Tests.Votes;

namespace CertiFlip.Tests.Isolation;

/// <summary>Nothing that is proved may hang on the processor having vector instructions.</summary>
[Trait("Tier", "Slow")]
public class WithoutVectorsTests
{
    [Fact]
    public Task Certificates_are_sound_without_vector_instructions() =>
        ChildRun.AssertPasses([
            typeof(SmoothedSoundnessTests), typeof(ManyClassSoundnessTests), typeof(ExactSoundnessTests), typeof(ManyClassExactTests),
            typeof(NegativeExponentialTests), typeof(TileKernelTests)]);

    [Fact]
    public async Task Numbers_are_the_same_without_vector_instructions()
    {
        string file = Path.GetTempFileName();
        try
        {
            await ChildRun.AssertPasses([typeof(NumbersSnapshotTests)], (NumbersSnapshotTests.FileVariable, file));
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            NumbersSnapshot[] without = [.. (await File.ReadAllLinesAsync(file, cancellation)).Select(NumbersSnapshot.Parse)];
            IReadOnlyList<NumbersSnapshot> with = NumbersSnapshot.Take(cancellation);
            Assert.Equal(with, without);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
