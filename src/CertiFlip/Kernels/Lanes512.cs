using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CertiFlip.Kernels;

/// <summary>8 doubles at a time.</summary>
internal readonly struct Lanes512 : ILanes<Vector512<double>>
{
    public static int Count => 8;

    public static bool AreSingle => false;

    public static Vector512<double> Load(ref readonly double source, nuint index) => Vector512.LoadUnsafe(in source, index);

    public static void Store(Vector512<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<double> Abs(Vector512<double> value) => Vector512.Abs(value);

    public static Vector512<double> Max(Vector512<double> a, Vector512<double> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    public static Vector512<double> SelectPositive(Vector512<double> value, Vector512<double> positive, Vector512<double> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector512<double> a, Vector512<double> b) =>
        (uint)Vector512.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector512<double> value, Vector512<double> least, Vector512<double> below, ref double destination)
    {
        Vector512<double> wanted = Vector512.GreaterThanOrEqual(value, least) & Vector512.LessThan(value, below);
        Avx512F.Compress(Vector512<double>.Zero, wanted, value).StoreUnsafe(ref destination);
        return BitOperations.PopCount(wanted.ExtractMostSignificantBits());
    }

    public static Vector512<double> AddToExponent(Vector512<double> value, Vector512<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();
}

/// <summary>16 doubles at a time, kept as floats.</summary>
internal readonly struct SingleLanes512 : ISingleLanes<Vector512<float>>
{
    public static int Count => 16;

    public static bool AreSingle => true;

    public static Vector512<float> Load(ref readonly double source, nuint index) =>
        Vector512.Narrow(Vector512.LoadUnsafe(in source, index), Vector512.LoadUnsafe(in source, index + 8));

    public static void Store(Vector512<float> value, ref double destination, nuint index)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value);
        low.StoreUnsafe(ref destination, index);
        high.StoreUnsafe(ref destination, index + 8);
    }

    public static Vector512<float> Broadcast(double value) => Vector512.Create((float)value);

    public static Vector512<float> LoadSingles(ref readonly float source, nuint index) => Vector512.LoadUnsafe(in source, index);

    public static void StoreSingles(Vector512<float> value, ref float destination, nuint index) =>
        value.StoreUnsafe(ref destination, index);

    public static Vector512<float> BroadcastSingle(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    public static Vector512<float> SelectPositive(Vector512<float> value, Vector512<float> positive, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<float>.Zero), positive, otherwise);

    public static uint AtLeast(Vector512<float> a, Vector512<float> b) =>
        (uint)Vector512.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector512<float> value, Vector512<float> least, Vector512<float> below, ref double destination)
    {
        int count = 0;
        Vector512<float> between = Vector512.GreaterThanOrEqual(value, least) & Vector512.LessThan(value, below);
        for (uint wanted = (uint)between.ExtractMostSignificantBits(); wanted != 0; wanted &= wanted - 1)
            Unsafe.Add(ref destination, count++) = value[BitOperations.TrailingZeroCount(wanted)];
        return count;
    }

    public static Vector512<float> AddToExponent(Vector512<float> value, Vector512<float> shifter) =>
        (value.AsInt32() + (shifter.AsInt32() << 23)).AsSingle();
}
