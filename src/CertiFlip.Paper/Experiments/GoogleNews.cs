namespace CertiFlip.Paper.Sources;

/// <summary>The word vectors of the paper, of which the commonest thousand are small enough to pass on.</summary>
internal static class GoogleNews
{
    private static readonly DataFile Vectors = new(
        "wordvec/googlenews.300d.top1000.txt",
        "word2vec's Google News vectors of 1,000 common English words as text; name a file with all of them with --word-vectors",
        "d378a09873420e9590dc2c85ca9496dfba432f1690007828f20d89e09e5aa911");

    /// <summary>Finds them.</summary>
    /// <param name="folder">The data.</param>
    /// <param name="path">A file of the user's own, or null.</param>
    public static UsedFile Find(DataFolder folder, string? path) => path is null ? folder.Find(Vectors) : folder.FindElsewhere(path);
}
