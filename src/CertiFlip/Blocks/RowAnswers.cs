using CertiFlip.Kernels;

namespace CertiFlip.Blocks;

/// <summary>
/// What training rows answer to the questions of a test row: moves of a group, counted more finely, and sums of log
/// moments. Answers of blocks add up, in any order.
/// </summary>
internal sealed class RowAnswers
{
    private readonly int[] _resolutions;
    private readonly Dictionary<ulong, MoveTally>[] _moves;

    /// <param name="state">The questions.</param>
    /// <param name="few">So many moves are told apart altogether.</param>
    public RowAnswers(RowState state, int few)
    {
        _resolutions = [.. state.Questions.Select(question => question.Resolution(few))];
        _moves = [.. state.Questions.Select(_ => new Dictionary<ulong, MoveTally>())];
        Moments = [.. state.Requests.Select(_ => new ExactSum())];
    }

    /// <summary>Sums of log moments, for each bound that was asked for.</summary>
    public ExactSum[] Moments { get; }

    /// <summary>How many training rows have answered.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds what the rows of a class answer.</summary>
    /// <param name="state">The questions.</param>
    /// <param name="c">The class.</param>
    /// <param name="weights">The rows' label weights.</param>
    /// <param name="noise">The smoothing noise, for bounds.</param>
    /// <param name="room">As much room as there are weights, and a register more.</param>
    public void Add(RowState state, int c, ReadOnlySpan<double> weights, Noise? noise, Span<double> room)
    {
        Rows += weights.Length;
        for (int i = 0; i < _moves.Length; i++)
        {
            PairQuestion question = state.Questions[i];
            foreach (bool negative in (ReadOnlySpan<bool>)[false, true])
            {
                MoveKind kind = Move.KindOf(question.Pair, c, negative);
                if (kind != MoveKind.None)
                    Count(question.Group, _resolutions[i], kind, negative, weights, _moves[i], room);
            }
        }

        for (int i = 0; i < Moments.Length; i++)
        {
            BoundRequest request = state.Requests[i];
            Moments[i].Add(KernelSet.Best.SumMoments(weights, 0.5 * request.T, BlockBound.RoleOf(request.Pair, c, noise!)));
        }
    }

    /// <summary>Goes on with each question.</summary>
    public IEnumerable<PairQuestion?> Narrow(PairQuestion[] questions) =>
        questions.Select((question, i) => question.Narrow(_resolutions[i], _moves[i]));

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(Rows);
        foreach (Dictionary<ulong, MoveTally> moves in _moves)
        {
            writer.Write7BitEncodedInt(moves.Count);
            ulong last = 0;
            foreach ((ulong part, MoveTally tally) in moves.OrderBy(entry => entry.Key))
            {
                writer.Write7BitEncodedInt64((long)(part - last));
                writer.Write7BitEncodedInt64(tally.Count);
                writer.Write7BitEncodedInt64(unchecked((long)(ulong)tally.Excess));
                writer.Write7BitEncodedInt64((long)(tally.Excess >> 64));
                last = part;
            }
        }

        foreach (ExactSum moments in Moments)
            moments.Write(writer);
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        Rows += reader.Read7BitEncodedInt64();
        foreach (Dictionary<ulong, MoveTally> moves in _moves)
        {
            ulong part = 0;
            for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                part += (ulong)reader.Read7BitEncodedInt64();
                long count = reader.Read7BitEncodedInt64();
                ulong low = unchecked((ulong)reader.Read7BitEncodedInt64()), high = (ulong)reader.Read7BitEncodedInt64();
                moves[part] = moves.GetValueOrDefault(part) + new MoveTally(count, new UInt128(high, low));
            }
        }

        foreach (ExactSum moments in Moments)
            moments.Read(reader);
    }

    private static void Count(
        MoveGroup group, int resolution, MoveKind kind, bool negative, ReadOnlySpan<double> weights,
        Dictionary<ulong, MoveTally> moves, Span<double> room)
    {
        double least = Move.WeightOf(group.Low, kind), below = Move.WeightOf(group.Low + (1UL << group.Bits), kind);
        int found = KernelSet.Best.Collect(weights, negative ? ValueReading.Negated : ValueReading.AsTheyAre, least, below, room);
        ulong part = (1UL << resolution) - 1;
        foreach (double weight in room[..found])
        {
            if (weight == 0)
                continue;
            ulong beyond = Move.KeyOf(weight, kind) - group.Low;
            moves[beyond >> resolution] = moves.GetValueOrDefault(beyond >> resolution) + new MoveTally(1, beyond & part);
        }
    }
}
