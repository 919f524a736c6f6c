using CertiFlip.Data;

namespace CertiFlip.Paper.Tests;

public sealed class StageStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private int _computed;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_result_is_used_again_for_the_same_key_only()
    {
        Assert.Equal(1, Get("key"));
        Assert.Equal(1, Get("key"));
        Assert.Equal(2, Get("key", "and more"));
        Assert.Equal(2, Get("key", "and more"));

        // One result is kept for each stage: going back computes again.
        Assert.Equal(3, Get("key"));
    }

    [Fact]
    public void A_file_that_is_no_result_is_replaced()
    {
        Directory.CreateDirectory(_folder["stages"]);
        File.WriteAllText(Path.Combine(_folder["stages"], "one.stage"), "something else");
        Assert.Equal(1, Get("key"));
        Assert.Equal(1, Get("key"));
    }

    private int Get(params string[] key) => new StageStore(_folder["stages"]).Get("one", key, () =>
    {
        var result = new StoredModel("result");
        result.Add("number", [++_computed]);
        return result;
    }).Integers("number").Single();
}
