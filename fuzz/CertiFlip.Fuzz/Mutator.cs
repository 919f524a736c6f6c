using System.Globalization;
using System.Text;

namespace CertiFlip.Fuzz;

/// <summary>Changes inputs at random: the same seed gives the same inputs.</summary>
internal sealed class Mutator(Target target, int seed)
{
    private const int MostChanges = 6;
    private const int Longest = 1 << 17;

    private static readonly int[] Integers =
        [0, 1, -1, 2, 16, 255, 256, 65_535, 65_536, 1 << 24, 1 << 28, 1 << 30, int.MaxValue, int.MaxValue - 8, int.MinValue];

    private static readonly double[] Doubles = [0, -0.0, 1, -1, 1e-300, 1e300, double.NaN, double.PositiveInfinity, double.Epsilon, 1e9];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        if (target.Change is { } change && _random.Next(2) == 0)
            return change(Seed(), _random);
        List<byte> input = [.. Seed()];
        for (int changes = _random.Next(2) == 0 ? 1 : _random.Next(1, MostChanges); changes > 0; changes--)
            Change(input);
        return [.. input.Take(Longest)];
    }

    private byte[] Seed() => target.Seeds[_random.Next(target.Seeds.Count)];

    private void Change(List<byte> input)
    {
        int at = _random.Next(input.Count + 1), length = Math.Min(_random.Next(1, 24), input.Count - at);
        switch (_random.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2:
                Overwrite(input, at, Number());
                break;
            case 3:
                Overwrite(input, at, BitConverter.GetBytes(Doubles[_random.Next(Doubles.Length)]));
                break;
            case 4:
                input.RemoveRange(at, length);
                break;
            case 5:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 6 when target.Words.Count > 0:
                input.InsertRange(at, Encoding.UTF8.GetBytes(target.Words[_random.Next(target.Words.Count)]));
                break;
            case 7 when target.Words.Count > 0:
                Overwrite(input, at, Encoding.UTF8.GetBytes(target.Words[_random.Next(target.Words.Count)]));
                break;
            case 8:
                byte[] other = Seed();
                int from = _random.Next(other.Length + 1);
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other[from..]);
                break;
            default:
                string digits = Integers[_random.Next(Integers.Length)].ToString(CultureInfo.InvariantCulture);
                Overwrite(input, Digits(input, at), Encoding.ASCII.GetBytes(digits));
                break;
        }
    }

    /// <summary>An integer of 32 or 64 bits in either order of bytes.</summary>
    private byte[] Number()
    {
        int number = Integers[_random.Next(Integers.Length)];
        byte[] bytes = _random.Next(3) == 0 ? BitConverter.GetBytes((long)number) : BitConverter.GetBytes(number);
        if (_random.Next(2) == 0)
            Array.Reverse(bytes);
        return bytes;
    }

    /// <summary>The next digit from here on.</summary>
    private static int Digits(List<byte> input, int at)
    {
        int digit = input.FindIndex(Math.Min(at, input.Count), b => b is >= (byte)'0' and <= (byte)'9');
        return digit < 0 ? at : digit;
    }

    private static void Overwrite(List<byte> input, int at, byte[] bytes)
    {
        input.RemoveRange(at, Math.Min(bytes.Length, input.Count - at));
        input.InsertRange(at, bytes);
    }
}
