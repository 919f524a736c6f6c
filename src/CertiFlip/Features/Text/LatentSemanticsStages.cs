using CertiFlip.Matrices;

namespace CertiFlip.Features.Text;

/// <summary>
/// A fit of <see cref="LatentSemantics"/> by workers: terms are counted by block, one worker chooses the vocabulary,
/// and each round of the search for singular vectors (<see cref="RandomisedSvd"/>) is a stage.
/// </summary>
internal sealed class LatentSemanticsStages(IReadOnlyList<string> texts, LatentSemanticsOptions options, ParallelOptions parallel)
    : StagedFit<ITextFeatureMap>(StagesOf(texts.Count, options))
{
    // What comes before the rounds.
    private const int Counts = 0, Vocabulary = 1, BeforeRounds = 2;

    // The parts of each stage that was taken. A stage needs those of the one before, and reads them when it comes to
    // that.
    private readonly List<IEnumerable<BinaryReader>> _taken = [];
    private TfIdf? _terms;

    /// <summary>A few sums of a round, a number for each term and direction.</summary>
    public override long Memory => 6L * sizeof(double) * options.Terms.MostTerms * (options.Components + 21);

    private static int BlocksOf(int texts) => Math.Max(1, BlockSums.CountOf(texts));

    private protected override void Write(int first, int count, BinaryWriter writer)
    {
        int firstText = first * BlockSums.BlockRows, end = (int)Math.Min(texts.Count, (first + (long)count) * BlockSums.BlockRows);
        if (_taken.Count == Counts)
        {
            var own = new TextRange(texts, firstText, Math.Max(0, end - firstText));
            writer.Write(own.Count);
            TermCounts.Of(own, options.Terms.LongestTerm, parallel.CancellationToken).Write(writer);
            return;
        }

        if (_taken.Count == Vocabulary)
        {
            if (count == 0)
                return;
            var counts = new TermCounts();
            long counted = 0;
            foreach (BinaryReader part in _taken[Counts])
            {
                counted += part.ReadInt32();
                counts.Read(part);
            }

            if (counted != texts.Count)
                throw new InvalidDataException($"{counted:N0} texts were counted, and there are {texts.Count:N0}.");
            var chosen = TfIdf.Fit(counts, texts.Count, options.Terms);
            writer.Write(chosen.Terms.Count);
            foreach ((string term, double weight) in chosen.Terms.Zip(chosen.Weights))
            {
                writer.Write(term);
                writer.Write(weight);
            }

            return;
        }

        RandomisedSvd search = SearchAfter(_taken.Count - BeforeRounds - 1);
        var sums = new BlockSums(BlocksOf(texts.Count), search.Length);
        sums.AddRows(texts.Count, first, count, BlockSums.BlockRows, (row, rows, numbers) =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            search.Add(_terms!.Transform(new TextRange(texts, row, rows), parallel), row, numbers);
        });
        writer.Write(search.Width);
        sums.Write(writer);
    }

    private protected override void Read(IEnumerable<BinaryReader> parts)
    {
        if (_taken.Count == Vocabulary)
        {
            foreach (BinaryReader part in parts)
            {
                if (!IsOver(part))
                    _terms = _terms is null ? TermsOf(part) : throw new InvalidDataException("There are two vocabularies.");
            }

            if (_terms is null)
                throw new InvalidDataException("The vocabulary is missing.");
        }

        _taken.Add(parts);
    }

    private protected override ITextFeatureMap Result()
    {
        RandomisedSvd search = SearchAfter(RandomisedSvd.Rounds - 2);
        Take(search, RandomisedSvd.Rounds - 1);
        return LatentSemantics.Of(_terms!, search.Finish());
    }

    /// <summary>The search as a round left it, or as it begins.</summary>
    private RandomisedSvd SearchAfter(int round)
    {
        var search = new RandomisedSvd(texts.Count, _terms!.Terms.Count, options.Components + 1L, options.Seed, parallel);
        if (round >= 0)
            Take(search, round);
        return search;
    }

    private void Take(RandomisedSvd search, int round)
    {
        int width = 0;
        BlockSums? all = null;
        foreach (BinaryReader part in _taken[BeforeRounds + round])
        {
            int own = part.ReadInt32();
            if (own < 1 || own > search.Width || (all is not null && own != width))
                throw new InvalidDataException($"There is no subspace of {own} directions.");
            width = own;
            all ??= new BlockSums(BlocksOf(texts.Count), search.LengthOf(round, width));
            all.Read(part);
        }

        try
        {
            search.Take(round, width, all?.Total() ?? throw new InvalidDataException("The sums of a round are missing."));
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private TfIdf TermsOf(BinaryReader part)
    {
        int count = part.ReadInt32();
        if (count < 1 || count > options.Terms.MostTerms)
            throw new InvalidDataException($"There is no vocabulary of {count} terms.");
        var terms = new List<string>();
        var weights = new List<double>();
        for (int i = 0; i < count; i++)
        {
            terms.Add(TermCounts.ReadTerm(part));
            weights.Add(part.ReadDouble());
        }

        try
        {
            return new TfIdf(terms, weights, options.Terms.LongestTerm, options.Terms.CountsOnce);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static FitStage[] StagesOf(int texts, LatentSemanticsOptions options)
    {
        // A text of some hundred terms.
        const double SecondsOfText = 1e-4, SecondsOfProduct = 6e-8;
        FitStage OfBlocks(string name, double secondsOfText) =>
            new(name, "training-blocks", BlocksOf(texts), BlockSums.BlockRows * secondsOfText);
        double round = SecondsOfText + SecondsOfProduct * (options.Components + 21);
        string[] powers = [.. Enumerable.Range(1, RandomisedSvd.Rounds - 2).Select(power => $"power-{power}")];
        return
        [
            OfBlocks("terms", SecondsOfText), new FitStage("vocabulary", "nothing", 1, texts * SecondsOfText),
            .. ((string[])["subspace", .. powers, "values"]).Select(name => OfBlocks(name, round)),
        ];
    }

    /// <summary>Some of the texts.</summary>
    private sealed class TextRange(IReadOnlyList<string> texts, int first, int count) : IReadOnlyList<string>
    {
        public int Count => count;

        public string this[int index] => texts[first + index];

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(first, count).Select(index => texts[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
