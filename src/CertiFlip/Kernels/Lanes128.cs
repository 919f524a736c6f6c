using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>2 doubles at a time.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<double>>
{
    public static int Count => 2;

    public static bool AreSingle => false;

    public static Vector128<double> Load(ref readonly double source, nuint index) => Vector128.LoadUnsafe(in source, index);

    public static void Store(Vector128<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    public static Vector128<double> Divide(Vector128<double> a, Vector128<double> b) => a / b;

    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<double> Abs(Vector128<double> value) => Vector128.Abs(value);

    public static Vector128<double> Max(Vector128<double> a, Vector128<double> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    public static Vector128<double> SelectPositive(Vector128<double> value, Vector128<double> positive, Vector128<double> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(value, Vector128<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector128<double> a, Vector128<double> b) => Vector128.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector128<double> value, Vector128<double> least, Vector128<double> below, ref double destination)
    {
        int count = 0;
        Vector128<double> between = Vector128.GreaterThanOrEqual(value, least) & Vector128.LessThan(value, below);
        for (uint wanted = (uint)between.ExtractMostSignificantBits(); wanted != 0; wanted &= wanted - 1)
            Unsafe.Add(ref destination, count++) = value[BitOperations.TrailingZeroCount(wanted)];
        return count;
    }

    public static Vector128<double> AddToExponent(Vector128<double> value, Vector128<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();
}

/// <summary>4 doubles at a time, kept as floats.</summary>
internal readonly struct SingleLanes128 : ISingleLanes<Vector128<float>>
{
    public static int Count => 4;

    public static bool AreSingle => true;

    public static Vector128<float> Load(ref readonly double source, nuint index) =>
        Vector128.Narrow(Vector128.LoadUnsafe(in source, index), Vector128.LoadUnsafe(in source, index + 2));

    public static void Store(Vector128<float> value, ref double destination, nuint index)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(value);
        low.StoreUnsafe(ref destination, index);
        high.StoreUnsafe(ref destination, index + 2);
    }

    public static Vector128<float> Broadcast(double value) => Vector128.Create((float)value);

    public static Vector128<float> LoadSingles(ref readonly float source, nuint index) => Vector128.LoadUnsafe(in source, index);

    public static void StoreSingles(Vector128<float> value, ref float destination, nuint index) =>
        value.StoreUnsafe(ref destination, index);

    public static Vector128<float> BroadcastSingle(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    public static Vector128<float> SelectPositive(Vector128<float> value, Vector128<float> positive, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(value, Vector128<float>.Zero), positive, otherwise);

    public static uint AtLeast(Vector128<float> a, Vector128<float> b) => Vector128.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector128<float> value, Vector128<float> least, Vector128<float> below, ref double destination)
    {
        int count = 0;
        Vector128<float> between = Vector128.GreaterThanOrEqual(value, least) & Vector128.LessThan(value, below);
        for (uint wanted = (uint)between.ExtractMostSignificantBits(); wanted != 0; wanted &= wanted - 1)
            Unsafe.Add(ref destination, count++) = value[BitOperations.TrailingZeroCount(wanted)];
        return count;
    }

    public static Vector128<float> AddToExponent(Vector128<float> value, Vector128<float> shifter) =>
        (value.AsInt32() + (shifter.AsInt32() << 23)).AsSingle();
}
