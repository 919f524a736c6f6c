namespace CertiFlip.Data.Tests.Support;

public static class Refusal
{
    /// <summary>The message with which bad data is refused: one line, holding each of the words.</summary>
    public static DataException Of(Action action, params string[] words)
    {
        DataException refusal = Assert.Throws<DataException>(action);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        return refusal;
    }

    public static DataException OfDataset(string path, params string[] words) => Of(() => DatasetReader.Read(path), [path, .. words]);

    public static DataException OfLabels(string path, params string[] words) => Of(() => LabelReader.Read(path), [path, .. words]);
}
