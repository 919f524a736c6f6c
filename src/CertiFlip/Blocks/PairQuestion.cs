using System.Numerics;
using CertiFlip.Votes;

namespace CertiFlip.Blocks;

/// <summary>
/// How many of a pair's largest moves leave the winner ahead, as far as it is known: all moves larger than those of one
/// group are made, and it is asked how many of the group can follow.
/// </summary>
/// <param name="Pair">The pair.</param>
/// <param name="LeastKept">The least margin that is kept.</param>
/// <param name="Made">How many moves are made.</param>
/// <param name="Left">What they leave of twice the margin, in units.</param>
/// <param name="Group">The group of the next moves, not all of which leave the winner ahead.</param>
internal sealed record PairQuestion(Pair Pair, int LeastKept, long Made, BigInteger Left, MoveGroup Group)
{
    /// <summary>Where no moves bring the rival past the winner.</summary>
    public const long Any = long.MaxValue;

    /// <summary>No fewer moves leave the winner ahead.</summary>
    public long AtLeast => Made + Fitting(Group.Most);

    /// <summary>No more moves leave the winner ahead.</summary>
    public long AtMost => Made + Fitting(Group.Least);

    /// <summary>Makes moves, group by group.</summary>
    /// <returns>The group that does not fit; null where all moves do.</returns>
    public static PairQuestion? Walk(Pair pair, int leastKept, long made, BigInteger left, IEnumerable<MoveGroup> groups)
    {
        foreach (MoveGroup group in groups)
        {
            if (left - group.Worth < leastKept)
                return new PairQuestion(pair, leastKept, made, left, group);
            (made, left) = (made + group.Count, left - group.Worth);
        }

        return null;
    }

    /// <summary>
    /// Of several pairs' questions those whose answer could be the smallest, and the smallest that is known.
    /// </summary>
    public static (long Known, PairQuestion[] Open) Smallest(long known, IEnumerable<PairQuestion?> questions)
    {
        PairQuestion[] all = [.. questions.OfType<PairQuestion>()];
        foreach (PairQuestion question in all)
        {
            if (question.AtLeast == question.AtMost)
                known = Math.Min(known, question.AtMost);
        }

        long most = all.Select(question => question.AtMost).Append(known).Min();
        return (known, [.. all.Where(question => question.AtLeast < most && question.AtLeast < question.AtMost)]);
    }

    /// <summary>
    /// How finely the group is to be looked at: what this many bits of a key do not tell apart is counted together.
    /// </summary>
    /// <param name="few">So many moves are told apart altogether.</param>
    public int Resolution(int few)
    {
        const int PartBits = 12;
        return Group.Count <= few ? 0 : Math.Max(0, Group.Bits - PartBits);
    }

    /// <summary>Goes on with the group's parts.</summary>
    /// <exception cref="InvalidDataException">They are not the whole group.</exception>
    public PairQuestion? Narrow(int resolution, IEnumerable<KeyValuePair<ulong, MoveTally>> parts)
    {
        MoveGroup[] groups =
        [
            .. parts.OrderByDescending(part => part.Key)
                .Select(part => MoveGroup.Of(Group.Low + (part.Key << resolution), resolution, part.Value)),
        ];

        // Moves that nobody has counted would be moves that an adversary does not make.
        if (groups.Sum(part => part.Count) != Group.Count
            || groups.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Worth) != Group.Worth)
            throw new InvalidDataException("The moves of a group are not those that were counted before.");
        return Walk(Pair, LeastKept, Made, Left, groups);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Pair.Winner);
        writer.Write7BitEncodedInt(Pair.Rival);
        writer.Write((byte)LeastKept);
        writer.Write7BitEncodedInt64(Made);
        Write(writer, Left);
        writer.Write(Group.Low);
        writer.Write((byte)Group.Bits);
        writer.Write7BitEncodedInt64(Group.Count);
        Write(writer, Group.Worth);
    }

    public static PairQuestion Read(BinaryReader reader)
    {
        var pair = new Pair(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        int leastKept = reader.ReadByte();
        long made = reader.Read7BitEncodedInt64();
        BigInteger left = ReadUnits(reader);
        return new PairQuestion(
            pair, leastKept, made, left,
            new MoveGroup(reader.ReadUInt64(), reader.ReadByte(), reader.Read7BitEncodedInt64(), ReadUnits(reader)));
    }

    private static void Write(BinaryWriter writer, BigInteger units)
    {
        byte[] bytes = units.ToByteArray();
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static BigInteger ReadUnits(BinaryReader reader) => new(reader.ReadBytes(reader.Read7BitEncodedInt()));

    /// <summary>How many moves of one worth fit, of a group that does not fit as a whole.</summary>
    private long Fitting(BigInteger worth) => (long)BigInteger.Min(Group.Count - 1, (Left - LeastKept) / worth);
}
